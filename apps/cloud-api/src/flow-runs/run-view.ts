import type { StateName } from "@weir/protocol";

/** What a decision about a task run needs to know of it. */
export interface TaskRunView {
  readonly state: StateName;
  /** Attempt of the flow run in which it got there. */
  readonly attempt: number;
  readonly tryNumber: number;
}

/**
 * A flow run as it stood at one moment. `attempt`, `stateVersion` and `eventNumber` together are its version: every write to the run
 * or to anything below it changes one of them, so a decision made on a view is written only where all three still hold.
 */
export interface RunView {
  readonly tenantId: string;
  readonly runId: string;
  readonly flowId: string;
  readonly state: StateName;
  readonly attempt: number;
  readonly stateVersion: number;
  readonly eventNumber: number;
  readonly recoveries: number;
  readonly agentName: string | null;
  /** Counts what was ordered beside its state since it was claimed. A report need not know it; who decides on orders does. */
  readonly orderVersion: number;
  /** A person's wish: to pause it, or no longer to. */
  readonly pauseOrder: "pause" | "resume" | null;
}
