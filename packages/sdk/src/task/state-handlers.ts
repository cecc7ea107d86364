import type { Failure } from "@weir/protocol/failure";
import type { StateName } from "@weir/protocol/state";
import type { Duration } from "../duration.ts";

/** A state that a task run or flow run is about to enter. */
export interface NewState {
  readonly state: StateName;
  readonly message?: string;
  /** With Success, Cached and Looped. */
  readonly value?: unknown;
  /** What was thrown, with Failed and its like, and with Retrying. It does not cross. */
  readonly error?: unknown;
  /** What will be told of it. */
  readonly failure?: Failure;
}

/** One transition, before it is told. */
export interface StateChange {
  /** Name of the task; absent: it is the flow's. */
  readonly task?: string;
  readonly flow: string;
  readonly flowRunId: string;
  readonly taskRunNumber?: number;
  readonly mapIndex?: number;
  readonly tryNumber?: number;
  readonly from: StateName;
  readonly to: NewState;
}

/** What a handler may put in the place of the new state. */
export type Replacement =
  | { readonly state: "Success"; readonly value: unknown; readonly message?: string }
  | { readonly state: "Failed" | "Cancelled"; readonly error?: unknown; readonly message?: string }
  | { readonly state: "Skipped" | "Paused"; readonly message?: string }
  | { readonly state: "Retrying"; readonly delay?: Duration; readonly message?: string };

/**
 * Sees each transition of a task run or flow run before it is told, and may put another state in its place: by returning one, or by
 * throwing a signal (`skip`, `fail`, `pause`, `retryAfter`, `succeedWith`). A handler that throws anything else fails the run, without
 * a further try.
 * @example const quiet: StateHandler = ({ to }) => (to.state === "Failed" ? { state: "Skipped", message: "not today" } : undefined);
 */
export type StateHandler = (
  change: StateChange,
) => Replacement | undefined | void | Promise<Replacement | undefined | void>;

/** Hears of a failure: Failed, TimedOut, TriggerFailed and their like. What it returns is not looked at. */
export type FailureHandler = (change: StateChange) => unknown;
