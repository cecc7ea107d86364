import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseProblem } from "../database-problem.ts";
import type { EmbeddedLog } from "../embedded.ts";
import { endLeftover } from "./leftover.ts";
import { type RunningServer, type ServerCommand, ServerEnded, startServer } from "./server.ts";

const RETRY_MS = 250;
const RETRY_MOST_MS = 5_000;
/** 20 s: after a SIGKILL of the server its children still hold its memory until they notice. */
const ATTEMPTS = 80;

const IN_USE = /Address already in use|could not bind|could not create any TCP\/IP sockets/;
const STILL_ENDING = /pre-existing shared memory block|lock file "postmaster.pid"/;

/** A server that is started anew whenever it ends by itself. */
export interface KeptServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts a server on a free port and keeps it running there.
 * @throws DatabaseProblem when it cannot be started the first time. Later failures are logged and tried again.
 */
export async function keepServer(command: Omit<ServerCommand, "port">, log: EmbeddedLog): Promise<KeptServer> {
  const first = await firstStart(command);
  const stopping = new AbortController();
  const current = { server: first.server as RunningServer | null };
  const keeping = keepRunning(current, { ...command, port: first.port }, log, stopping.signal);
  return {
    port: first.port,
    async stop() {
      stopping.abort();
      await current.server?.stop();
      await keeping;
    },
  };
}

async function firstStart(command: Omit<ServerCommand, "port">): Promise<{ server: RunningServer; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      await endLeftover(command.data);
      return { port, server: await startServer({ ...command, port }) };
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw startFailed(command.data, error);
      await sleep(RETRY_MS);
    }
  }
}

/** Someone else took the port between our look and the server's, or an earlier server is not wholly gone. */
function isPassing(error: unknown): boolean {
  return error instanceof ServerEnded && error.lines.some((line) => IN_USE.test(line) || STILL_ENDING.test(line));
}

async function keepRunning(
  current: { server: RunningServer | null },
  command: ServerCommand,
  log: EmbeddedLog,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; ;) {
    await current.server?.ended;
    if (signal.aborted) return;
    if (failures === 0) log.warn("The embedded Postgres ended by itself. It is started anew on the same port.");
    try {
      current.server = null;
      await endLeftover(command.data);
      current.server = await startServer(command);
      failures = 0;
      // Asked to stop while it was starting: nobody saw this one.
      if (signal.aborted) await current.server.stop();
    } catch (error) {
      failures += 1;
      log.warn(`The embedded Postgres could not be started anew (try ${failures}): ${String(error)}`);
      await sleep(Math.min(RETRY_MS * 2 ** failures, RETRY_MOST_MS), undefined, { signal }).catch(() => {});
    }
  }
}

function startFailed(data: string, error: unknown): DatabaseProblem {
  const reason = error instanceof Error ? error.message : String(error);
  return new DatabaseProblem(
    "EMBEDDED_FAILED",
    `The embedded Postgres on ${data} could not be started. It said: ${reason}`,
    { cause: error },
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
