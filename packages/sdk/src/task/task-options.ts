import { checkTemplate, type Store } from "@weir/results";
import { LIMITS } from "@weir/protocol/limits";
import { type Duration, durationMs } from "../duration.ts";
import type { Executor } from "../executors/executor.ts";
import { failureOf } from "../failure-of.ts";
import { checkedLabels } from "../names.ts";
import { type CacheValidator, type ReadyValidator, validatorOf } from "./cache-validators.ts";
import { type RetryOn } from "./retry-on.ts";
import { type AnyRunName, checkedRunName, type RunName } from "./run-name.ts";
import type { FailureHandler, StateHandler } from "./state-handlers.ts";
import { handlersOf } from "./handlers-of.ts";
import { type NamedTrigger, type Trigger, type TriggerFunction, triggerOf } from "./triggers.ts";

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
  /** A wait for a further try that is longer gives the agent free: the run is claimed again when the try is due. Default: 10 minutes. */
  readonly holdFor?: Duration;
  /** Decides by what the task depends on whether it runs. Default: `"all_successful"`. */
  readonly trigger?: Trigger;
  /** `false`: something skipped among what it depends on does not skip it; the trigger decides. Default: true. */
  readonly skipOnUpstreamSkip?: boolean;
  /** Words to find task runs by. A tag may have a limit in the cloud: then only so many task runs with it run at the same time. */
  readonly tags?: readonly string[];
  /** `false`: the result is not written, so after a restart the task runs again if its value is needed. Default: written to the store, if there is one. */
  readonly checkpoint?: boolean;
  /** The store of this task's results. Default: the flow's, else the one that the flow's storage brings. */
  readonly result?: Store;
  /**
   * Where the result is written, as a template: `"{flow}/{date:yyyy-MM-dd}/{mapIndex}.json"`. If something is there already, the task is
   * not run and that is its result.
   */
  readonly target?: string;
  /** How long a result may be used again by later runs, in the place of running the task. Default: not at all. */
  readonly cacheFor?: Duration;
  /** Tasks of this key share their cached results, also across flows. Default: the flow's and the task's name. */
  readonly cacheKey?: string;
  /** Says which cached results may be used: `"allInputs"`, say. Default: `"durationOnly"`, any that has not expired. */
  readonly cacheValidator?: CacheValidator;
  /** Name of each task run, for people: a text with `{inputs.0}` and `{parameters.day}` in it. Where the task is made, also a function of its inputs. */
  readonly runName?: string;
  /** How many children of a mapped run may run at the same time. Default: all. */
  readonly maxConcurrency?: number;
  /** Where tries run: `threads()`, `bullmq(…)`. Default: the flow's, else this process's event loop. */
  readonly executor?: Executor;
  /** `"never"`: it is not run a second time after a restart, even if its value was lost; the run then fails and says which. Default: `"allowed"`. */
  readonly rerun?: "allowed" | "never";
  /** See each change of state, and may replace it. */
  readonly stateHandlers?: StateHandler | readonly StateHandler[];
  /** Hears of each failure, after all tries. */
  readonly onFailure?: FailureHandler;
}

/**
 * `TaskOptions` where the task's parameters are known.
 * @typeParam A parameters of the task's function
 */
export interface TaskOptionsOf<A extends readonly unknown[]> extends Omit<TaskOptions, "runName"> {
  readonly runName?: RunName<A>;
}

/** `TaskOptionsOf`, the parameters forgotten. */
export type AnyTaskOptions = TaskOptionsOf<never[]>;

/** How results are cached, as the engine reads it. */
export interface CacheSettings {
  readonly forMs: number;
  readonly key: string | null;
  readonly validator: ReadyValidator;
}

/** `TaskOptions` as the engine reads them: checked once, durations in milliseconds. */
export interface TaskSettings {
  readonly retryDelaysMs: readonly number[];
  readonly jitter: number;
  readonly retryOn: readonly RetryOn[] | null;
  readonly timeoutMs: number | null;
  readonly holdForMs: number;
  readonly trigger: NamedTrigger | TriggerFunction;
  readonly skipOnUpstreamSkip: boolean;
  readonly tags: readonly string[];
  readonly checkpoint: boolean;
  readonly store: Store | null;
  readonly target: string | null;
  readonly cache: CacheSettings | null;
  readonly runName: AnyRunName | undefined;
  readonly maxConcurrency: number;
  readonly executor: Executor | null;
  readonly mayRerun: boolean;
  readonly handlers: readonly StateHandler[];
}

/** As Prefect's `queue_interval` window: whoever waits longer gives its place free. */
const HOLD_FOR_MS = 10 * 60_000;

const MAX_RETRIES = 10_000;

function whole(value: number, least: number, name: string): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new TypeError(`${name} is ${value}; it must be a whole number from ${least}.`);
}

function atLeast(value: number, least: number, name: string): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new TypeError(`${name} is ${value}; it must be a number from ${least}.`);
}

function retryDelays(options: AnyTaskOptions, where: string): number[] {
  const { retries = 0, retryDelay = "1s", backoff = 1 } = options;
  if (typeof retries !== "number") return retries.map((delay) => durationMs(delay, `retries ${where}`));
  const count = Math.min(whole(retries, 0, `retries ${where}`), MAX_RETRIES);
  const first = durationMs(retryDelay, `retryDelay ${where}`);
  const factor = atLeast(backoff, 0, `backoff ${where}`);
  return Array.from({ length: count }, (_, index) => Math.min(first * factor ** index, Number.MAX_SAFE_INTEGER));
}

function cacheSettings(options: AnyTaskOptions, where: string): CacheSettings | null {
  const { cacheFor, cacheKey, cacheValidator } = options;
  if (cacheFor === undefined) {
    if (cacheKey === undefined && cacheValidator === undefined) return null;
    throw new TypeError(`cacheKey and cacheValidator ${where} need cacheFor: say for how long a result may be used.`);
  }
  const key = cacheKey ?? null;
  if (key !== null && (key === "" || key.length > LIMITS.cacheKeyLength))
    throw new TypeError(`cacheKey ${where} must be a text of 1 to ${LIMITS.cacheKeyLength} characters.`);
  const forMs = durationMs(cacheFor, `cacheFor ${where}`);
  return { forMs, key, validator: validatorOf(cacheValidator, where) };
}

function checkedTarget({ target, checkpoint }: AnyTaskOptions, where: string): string | null {
  if (target === undefined) return null;
  if (checkpoint === false)
    throw new TypeError(
      `target ${where} says where the result is written, checkpoint: false that it is not. Leave one out.`,
    );
  try {
    checkTemplate(target);
  } catch (error) {
    throw new TypeError(`target ${where}: ${failureOf(error).message}`, { cause: error });
  }
  return target;
}

const optionalMs = (duration: Duration | undefined, name: string): number | null =>
  duration === undefined ? null : durationMs(duration, name);

/** @throws TypeError naming the option that makes no sense, and the task. */
export function taskSettings(task: string, options: AnyTaskOptions): TaskSettings {
  const where = `of the task ${JSON.stringify(task)}`;
  const { retryOn, tags = [], checkpoint = true, result = null, maxConcurrency, jitter = 0 } = options;
  return {
    retryDelaysMs: retryDelays(options, where),
    jitter: Math.min(atLeast(jitter, 0, `jitter ${where}`), 1),
    retryOn: retryOn === undefined ? null : [retryOn].flat(),
    timeoutMs: optionalMs(options.timeout, `timeout ${where}`),
    holdForMs: optionalMs(options.holdFor, `holdFor ${where}`) ?? HOLD_FOR_MS,
    trigger: triggerOf(options.trigger, where),
    skipOnUpstreamSkip: options.skipOnUpstreamSkip ?? true,
    tags: checkedLabels("tag", tags),
    checkpoint,
    store: result,
    target: checkedTarget(options, where),
    cache: cacheSettings(options, where),
    runName: checkedRunName(options.runName, where),
    maxConcurrency: maxConcurrency === undefined ? Infinity : whole(maxConcurrency, 1, `maxConcurrency ${where}`),
    executor: options.executor ?? null,
    mayRerun: options.rerun !== "never",
    handlers: handlersOf(options),
  };
}
