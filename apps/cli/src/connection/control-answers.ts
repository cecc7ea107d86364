import type { Connection, Result } from "./answers.ts";

export interface Pause {
  readonly at: string;
  readonly by: string;
  readonly reason: string | null;
}

export interface Queue {
  readonly due: number;
  readonly pause: Pause | null;
}

export interface RunLimit {
  readonly label: string;
  readonly slots: number;
  readonly held: number;
  readonly waiting: number;
  readonly holders: readonly {
    readonly flowRunId: string;
    readonly flowRunName: string;
    readonly agent: string | null;
  }[];
}

/** What became of an operation on many runs. */
export interface BulkOutcome {
  readonly changed: number;
  readonly left: number;
  readonly refused: readonly {
    readonly code: string;
    readonly count: number;
    readonly message: string;
    readonly ids: readonly string[];
  }[];
}

type PausedAgent = Result<{ agent: { readonly name: string; readonly pause: Pause | null } }>;

/** Data of each operation of CONTROL_DOCUMENTS. */
export interface ControlAnswers {
  Queue: { queue: Queue };
  PauseQueue: { result: Result<{ queue: Queue }> };
  ResumeQueue: { result: Result<{ queue: Queue }> };
  PauseAgent: { result: PausedAgent };
  ResumeAgent: { result: PausedAgent };
  RunLimits: { runLimits: Connection<RunLimit> };
  SetRunLimit: { result: Result<{ runLimit: Omit<RunLimit, "holders"> | null }> };
  DeleteRunLimit: { result: Result<{ label: string }> };
  SetFlowRunState: {
    result: Result<{ flowRun: { readonly id: string; readonly name: string; readonly state: string } }>;
  };
  FlowRunCount: { flowRunCount: { readonly count: number; readonly isMore: boolean } };
  CancelFlowRuns: { result: Result<BulkOutcome> };
  RestartFlowRuns: { result: Result<BulkOutcome> };
}
