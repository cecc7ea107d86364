/** For your own tests, as `@weir/sdk/testing`. Works in any test runner. */
export { expectStates, type TaskRunPlace } from "./expect-states.ts";
export type { TestArtifact, TestLog, TestTaskRun } from "./recorder.ts";
export {
  cancelDuring,
  type Execution,
  failTask,
  type FailTaskOptions,
  hangTask,
  type StandIn,
  type StandInPlace,
  stubTask,
  type TaskOrName,
} from "./stand-ins.ts";
export { type TestClock, testClock, type TestClockOptions } from "./test-clock.ts";
export type { ChildOutcome, Outcomes, StartedRun } from "./test-cloud.ts";
export type { Approval, TestExecution, TestResult } from "./test-result.ts";
export { type AgainOptions, approve, restart, testRun, type TestOptions } from "./test-run.ts";
