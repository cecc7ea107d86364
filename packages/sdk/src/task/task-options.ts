import type { Store } from "@weir/results";
import { type Duration, durationMs } from "../duration.ts";
import { checkedLabels } from "../names.ts";
import { type RetryOn } from "./retry-on.ts";

/** What a task may be told. Every option may also be given for one call: `load.with({ timeout: "1m" })(day)`. */
export interface TaskOptions {
  /** How often a failed try is repeated, or the delay before each further try: `["1s", "10s", "1m"]`. Default: never. */
  readonly retries?: number | readonly Duration[];
  /** Wait before the first further try, when `retries` is a count. Default: one second. */
  readonly retryDelay?: Duration;
  /** Each further wait is this many times the one before, when `retries` is a count. Default: 1. */
  readonly backoff?: number;
  /** Share by which each wait is randomly longer or shorter: 0.2 makes 10 s into 8 s to 12 s. Default: 0. */
  readonly jitter?: number;
  /** Error classes, or functions that look at the error; only such failures are retried. Default: all, timeouts included. */
  readonly retryOn?: RetryOn | readonly RetryOn[];
  /** Longest duration of one try; then `run.signal` is aborted and the try ends as TimedOut, whatever the code still does. */
  readonly timeout?: Duration;
  /** Words to find task runs by. */
  readonly tags?: readonly string[];
  /** `false`: the result is not written, so after a restart the task runs again if its value is needed. Default: written to the store, if there is one. */
  readonly checkpoint?: boolean;
  /** The store of this task's results. Default: the flow's, else the one that the flow's storage brings. */
  readonly result?: Store;
  /** How many children of a mapped run may run at the same time. Default: all. */
  readonly maxConcurrency?: number;
}

/** `TaskOptions` as the engine reads them: checked once, durations in milliseconds. */
export interface TaskSettings {
  readonly retryDelaysMs: readonly number[];
  readonly jitter: number;
  readonly retryOn: readonly RetryOn[] | null;
  readonly timeoutMs: number | null;
  readonly tags: readonly string[];
  readonly checkpoint: boolean;
  readonly store: Store | null;
  readonly maxConcurrency: number;
}

const MAX_RETRIES = 10_000;

function whole(value: number, least: number, name: string): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new TypeError(`${name} is ${value}; it must be a whole number from ${least}.`);
}

function atLeast(value: number, least: number, name: string): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new TypeError(`${name} is ${value}; it must be a number from ${least}.`);
}

function retryDelays(options: TaskOptions, where: string): number[] {
  const { retries = 0, retryDelay = "1s", backoff = 1 } = options;
  if (typeof retries !== "number") return retries.map((delay) => durationMs(delay, `retries ${where}`));
  const count = Math.min(whole(retries, 0, `retries ${where}`), MAX_RETRIES);
  const first = durationMs(retryDelay, `retryDelay ${where}`);
  const factor = atLeast(backoff, 0, `backoff ${where}`);
  return Array.from({ length: count }, (_, index) => Math.min(first * factor ** index, Number.MAX_SAFE_INTEGER));
}

/** @throws TypeError naming the option that makes no sense, and the task. */
export function taskSettings(task: string, options: TaskOptions): TaskSettings {
  const where = `of the task ${JSON.stringify(task)}`;
  const { retryOn, timeout, tags = [], checkpoint = true, result = null, maxConcurrency, jitter = 0 } = options;
  return {
    retryDelaysMs: retryDelays(options, where),
    jitter: Math.min(atLeast(jitter, 0, `jitter ${where}`), 1),
    retryOn: retryOn === undefined ? null : [retryOn].flat(),
    timeoutMs: timeout === undefined ? null : durationMs(timeout, `timeout ${where}`),
    tags: checkedLabels("tag", tags),
    checkpoint,
    store: result,
    maxConcurrency: maxConcurrency === undefined ? Infinity : whole(maxConcurrency, 1, `maxConcurrency ${where}`),
  };
}
