import { availableParallelism } from "node:os";
import { type Duration, durationMs } from "../../duration.ts";
import type { Executor, TaskJob } from "../executor.ts";
import { placeOf, type TaskPlace } from "../task-registry.ts";
import { executorFailed } from "../thrown.ts";
import { ThreadPool } from "./pool.ts";

/** How `threads` keeps its threads. */
export interface ThreadsOptions {
  /** Most tries at a time, each in a thread of its own. Default: what the machine can do in parallel. */
  readonly size?: number;
  /** How long a thread without work is kept. Default: 10 s. */
  readonly idleTimeout?: Duration;
  /** How long a try may go on after its `run.signal` was aborted, before its thread is killed. Default: 200 ms. */
  readonly grace?: Duration;
  /** Most memory of each thread's heap, MiB. Default: Node's own limit. */
  readonly memoryMiB?: number;
}

function positive(value: number, name: string): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new TypeError(`${name} of threads() is ${value}; it must be a whole number from 1.`);
}

function placeOfJob({ task, fn }: TaskJob): TaskPlace {
  const place = placeOf(task, fn);
  if (place !== null) return place;
  throw executorFailed(
    `The task ${JSON.stringify(task)} cannot run in a thread: it is not known which file defines it. Define it at the top level of a module.`,
  );
}

/**
 * Runs tries in worker threads: for tasks that compute. A thread loads the file that defines the task, so the task must be made while that
 * file is loaded (at its top level) and the file must not start the flow by itself (`if (import.meta.main) await …`).
 *
 * Inputs and values are copied by structured clone: dates, maps, bigints and bytes stay what they are, objects of classes become plain ones,
 * functions cannot go. `timeout` and cancel kill the thread, also in the midst of an endless loop.
 * @throws TypeError naming the option that makes no sense.
 * @example const render = task("render", { executor: threads({ size: 4 }), timeout: "1m" }, renderPages);
 */
export function threads(options: ThreadsOptions = {}): Executor {
  const { size = availableParallelism(), idleTimeout = "10s", grace = 200, memoryMiB } = options;
  const pool = new ThreadPool({
    size: positive(size, "size"),
    idleTimeoutMs: durationMs(idleTimeout, "idleTimeout of threads()"),
    graceMs: durationMs(grace, "grace of threads()"),
    memoryMiB: memoryMiB === undefined ? null : positive(memoryMiB, "memoryMiB"),
  });
  return {
    kind: "threads",
    run: async (job) => {
      const { inputs, facts, signal } = job;
      return await pool.run({ place: placeOfJob(job), inputs, facts, signal, listener: job });
    },
    close: async () => await pool.close(),
  };
}
