import { setFlagsFromString } from "node:v8";
import { ConfigError, readConfig, startCloud } from "./index.ts";
import { loggedError } from "./own-log/told-error.ts";

// Runs the cloud as a process: `node apps/cloud-api/src/main.ts`. Forked, it tells its parent where it listens, and ends with it.

// A full collection once the old generation has grown by a fifth, and not by as much again: long-polls live for half a minute, so they are old when they
// end. 10,000 idle agents: 418 MB in the place of 518, with no more CPU; claims and reports as fast as without (the contests claims and fan-out, in turn).
setFlagsFromString("--heap-growing-percent=20");

/** A stop that takes longer is ended: above the 10 s that a slow database may take over the last statements. */
const STOP_MS = 15_000;

// Whatever was forgotten to be awaited somewhere is a fault to be mended, but none for which everybody's runs should lose their cloud.
process.on("unhandledRejection", (error) => {
  process.stderr.write(`A promise was rejected and nobody was told: ${JSON.stringify(loggedError(error))}\n`);
});

const starting = (async () => await startCloud(readConfig(process.env)))();

let stopping = false;
const stop = () => {
  // A second signal means now.
  if (stopping) process.exit(1);
  stopping = true;
  setTimeout(() => process.exit(1), STOP_MS).unref();
  // Also before it has started: whoever ends it then must not leave it, or a Postgres of its own, behind.
  void starting
    .then((cloud) => cloud.stop())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", stop);
// Forked, and the parent has been gone since before anyone listened.
if (process.send !== undefined && !process.connected) stop();

try {
  const { url } = await starting;
  // A parent that is gone by now is told by its `disconnect`.
  process.send?.({ kind: "listening", url }, () => undefined);
} catch (error) {
  const text = error instanceof ConfigError ? error.message : `The cloud could not start: ${(error as Error).message}`;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
