import type { StateName } from "@weir/protocol/state";
import type { Failure } from "@weir/protocol/failure";
import type { Execution } from "./stand-ins.ts";
import type { TestArtifact, TestLog, TestTaskRun } from "./recorder.ts";
import type { TestClock } from "./test-clock.ts";
import type { StartedRun } from "./test-cloud.ts";

/** Which paused task runs are approved: all, or those of the tasks of these names. */
export type Approval = "all" | readonly string[];

/** One execution of a task's function, or of what stood in for it. */
export interface TestExecution extends Execution {
  readonly inputs: readonly unknown[];
  /** Whether a stand-in ran in the place of the task's own function. */
  readonly stoodIn: boolean;
}

/**
 * How a tested run ended, and all that it told.
 * @typeParam T value of the flow
 */
export interface TestResult<T> {
  /** State of the flow run. `Paused`: it waits for an approval; go on with `approve(result)`. */
  readonly state: StateName;
  /** The flow's value, if it succeeded. */
  readonly value: T | undefined;
  /** What is told of what made it fail, and what was thrown itself. */
  readonly failure: Failure | undefined;
  readonly error: unknown;
  /** Every task run, also those that a restart took over: these have no states of their own. */
  readonly taskRuns: readonly TestTaskRun[];
  /** Executions of tasks in the order in which they began. A task that a restart or the cache has not run again is not among them. */
  readonly executions: readonly TestExecution[];
  readonly logs: readonly TestLog[];
  readonly artifacts: readonly TestArtifact[];
  /** Flow runs that it started by `startFlowRun`. */
  readonly started: readonly StartedRun[];
  /** What the key-value store holds after the run, by key. */
  readonly kv: Readonly<Record<string, unknown>>;
  /** Values that were registered with the gate: those of `secret`. */
  readonly secrets: readonly string[];
  /** How often the run was claimed: 1, and one more for each long wait, approval and restart. */
  readonly attempt: number;
  readonly clock: TestClock;
}
