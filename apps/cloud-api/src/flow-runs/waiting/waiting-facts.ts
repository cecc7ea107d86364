import type { StateName } from "@weir/protocol";
import type { RunHolderRow } from "../../run-limits/read-run-limits.ts";

/** An agent that could take a run, or comes near to it. */
export interface NearAgent {
  readonly name: string;
  /** Heard of within 90 seconds. */
  readonly online: boolean;
  readonly silentSeconds: number;
  /** Labels of the run that it has not. */
  readonly missingLabels: readonly string[];
  /** Whether it serves the run's project. */
  readonly servesProject: boolean;
  readonly held: number;
  readonly capacity: number;
  readonly pausedBy: string | null;
}

/** A limit of one of the run's labels, and who holds its slots: the first few. */
export interface LabelUse {
  readonly label: string;
  readonly slots: number;
  readonly held: number;
  readonly holders: readonly RunHolderRow[];
}

/** A tag of which task runs of the run wait for slots. */
export interface TagUse {
  readonly tag: string;
  /** Null: the limit is gone, and they are about to be granted. */
  readonly slots: number | null;
  readonly held: number;
  readonly waiting: number;
}

/** A task run that waits for a person. */
export interface OpenApproval {
  readonly taskRunNumber: number;
  readonly task: string;
  /** What it asks, in its own words. */
  readonly message: string | null;
}

/** The agents of the tenant, as seen from one run. */
export interface AgentsFacts {
  readonly total: number;
  /** Have all of its labels, and serve its project. */
  readonly matching: number;
  /** Of those: heard of lately. */
  readonly online: number;
  /** Of those: not paused. */
  readonly open: number;
  /** Of those: hold fewer runs than they have room for. */
  readonly ready: number;
  /** The three that come nearest to taking it, the nearest first. */
  readonly nearest: readonly NearAgent[];
}

/** All that decides on why a run waits, read at one moment by the database's clock. */
export interface WaitingFacts {
  readonly runId: string;
  readonly state: StateName;
  readonly labels: readonly string[];
  readonly project: string;
  /** How often it was claimed. */
  readonly attempt: number;
  readonly scheduledStartTime: Date;
  readonly isDue: boolean;
  readonly pauseAsked: boolean;
  /** Who holds it, or held it last. */
  readonly holder: { readonly name: string; readonly silentSeconds: number } | null;
  readonly queuePause: { readonly at: string; readonly by: string; readonly reason: string | null } | null;
  readonly limits: readonly LabelUse[];
  /** Null: it is not to be claimed, so nobody looked. */
  readonly agents: AgentsFacts | null;
  readonly approvals: readonly OpenApproval[];
  readonly taskSlots: readonly TagUse[];
}
