/** What flow authors import. */
export type { Artifacts, Cell } from "./context/artifact.ts";
export type { Log, LogLine } from "./context/log.ts";
export { type FlowRunOutcome, type StartOptions, startFlowRun, waitForFlowRun } from "./child-runs.ts";
export { type Run, run } from "./context/run.ts";
export type { Duration } from "./duration.ts";
export { RunCancelledError, TaskTimeoutError, WeirError } from "./errors.ts";
export { flow } from "./flow/flow.ts";
export type { Flow, FlowOptions, FlowOptionsWithParameters, FlowResult, TaskRunRecord } from "./flow/flow-types.ts";
export {
  flatten,
  type Flatten,
  type Input,
  type MappedRun,
  type MapInput,
  type Settled,
  type SettledMap,
  type TaskRun,
  unmapped,
  type Unmapped,
} from "./handle.ts";
export { secret } from "./secret.ts";
export { type Kv, KvConflictError, type KvEntry, type KvWriteOptions, kv } from "./kv/kv.ts";
export { settle } from "./settle.ts";
export { type Resource, resource, type ResourceFunctions, type ResourceOptions } from "./resource.ts";
export { fail, loopWith, pause, retryAfter, skip, succeedWith } from "./signals.ts";
export {
  allInputs,
  allParameters,
  type CachedResult,
  type CacheValidator,
  type CacheValidatorFunction,
  durationOnly,
  never,
  partialInputs,
  partialParameters,
} from "./task/cache-validators.ts";
export type { FailureHandler, NewState, Replacement, StateChange, StateHandler } from "./task/state-handlers.ts";
export { task } from "./task/task.ts";
export {
  allFailed,
  allFinished,
  allSuccessful,
  alwaysRun,
  type Amount,
  anyFailed,
  anySuccessful,
  manualOnly,
  notAllSkipped,
  someFailed,
  someSuccessful,
  type Trigger,
  type TriggerFunction,
  type UpstreamState,
} from "./task/triggers.ts";
export type { Loop } from "./context/loop.ts";
export type { Executor } from "./executors/executor.ts";
export type { RetryOn } from "./task/retry-on.ts";
export type { RunName } from "./task/run-name.ts";
export type { TaskOptions, TaskOptionsOf } from "./task/task-options.ts";
export type { CallOptions, Task } from "./task/task-types.ts";
