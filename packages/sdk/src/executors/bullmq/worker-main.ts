// The process of `weir worker`: the user's own copy of the SDK, with the user's code in threads. It is told what to do by a message, so
// that the password of Redis is in no argument and in no environment.
import { pathToFileURL } from "node:url";
import { failureOf } from "../../failure-of.ts";
import { readAddress, shownAddress } from "./address.ts";
import { checkedQueue } from "./bullmq.ts";
import { TaskWorker } from "./task-worker.ts";

/** From the command line to its worker. */
export interface WorkerOrder {
  readonly kind: "start";
  /** URL of Redis. */
  readonly redis: string;
  readonly queue: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly concurrency: number;
  readonly stallMs: number;
  readonly graceMs: number;
}

/** From a worker to the command line: it takes jobs now. */
export interface WorkerReady {
  readonly kind: "ready";
  readonly queue: string;
  readonly tasks: readonly string[];
}

const LEVELS = { info: 30, warn: 40, error: 50 } as const;
/** What is waited beyond the grace: for a Redis that does not answer, not for ever. */
const LATEST_END_MS = 10_000;
/** The command line's exit code for what was asked wrongly. */
const UNUSABLE = 2;

function log(level: keyof typeof LEVELS, msg: string): void {
  process.stdout.write(`${JSON.stringify({ level: LEVELS[level], time: Date.now(), msg })}\n`);
}

let worker: TaskWorker | null = null;
let isStopping = false;
let grace = 0;

async function stop(): Promise<void> {
  if (isStopping) process.exit(1);
  isStopping = true;
  setTimeout(() => process.exit(1), grace + LATEST_END_MS);
  await worker?.stop();
  process.exit(0);
}

async function start({ redis, queue, files, concurrency, stallMs, graceMs }: WorkerOrder): Promise<void> {
  const address = readAddress(redis);
  grace = graceMs;
  worker = await TaskWorker.start({
    address,
    queue: checkedQueue(queue),
    files: files.map((file) => pathToFileURL(file).href),
    concurrency,
    stallMs,
    graceMs,
    log,
  });
  if (isStopping) return await worker.stop();
  const tasks = [...new Set(worker.tasks.map(({ name }) => name))];
  log("info", `takes tasks of the queue ${queue} of ${shownAddress(address)}: ${tasks.join(", ")}`);
  const ready: WorkerReady = { kind: "ready", queue, tasks };
  process.send?.(ready);
}

process.once("message", (order: WorkerOrder) => {
  start(order).catch((error: unknown) => {
    log("error", failureOf(error).message);
    process.exit(UNUSABLE);
  });
});
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
// Whoever started this is gone.
process.once("disconnect", () => void stop());
