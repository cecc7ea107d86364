/** What flow authors import. */
export type { Artifacts, Cell } from "./context/artifact.ts";
export type { Log, LogLine } from "./context/log.ts";
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
export { settle } from "./settle.ts";
export { fail, retryAfter, skip } from "./signals.ts";
export { task } from "./task/task.ts";
export type { RetryOn } from "./task/retry-on.ts";
export type { TaskOptions } from "./task/task-options.ts";
export type { CallOptions, Task } from "./task/task-types.ts";
