import { ConfigError, readConfig, startCloud } from "./index.ts";

// Runs the cloud as a process: `node apps/cloud-api/src/main.ts`. Forked, it tells its parent where it listens, and ends with it.

const STOP_MS = 15_000;

try {
  const cloud = await startCloud(readConfig(process.env));
  let stopping: Promise<void> | null = null;
  const stop = (code: number) => {
    // A second signal, or a stop that hangs, must not keep the process.
    if (stopping !== null) process.exit(code);
    setTimeout(() => process.exit(code), STOP_MS).unref();
    stopping = cloud.stop().then(() => process.exit(code));
  };
  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  if (process.send) {
    process.on("disconnect", () => stop(0));
    process.send({ kind: "listening", url: cloud.url });
  }
} catch (error) {
  const text = error instanceof ConfigError ? error.message : `The cloud could not start: ${(error as Error).message}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
