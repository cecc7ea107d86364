import type { CloudClient } from "@weir/client";
import type { Gate, Policy } from "@weir/gate";
import type { Order, ReleaseReason, StateName } from "@weir/protocol";
import type { ChildPool } from "./child-pool.ts";
import type { RunnerConfig } from "./config.ts";
import type { Journal } from "./journal.ts";
import type { JournalRoom } from "./journal-room.ts";
import type { KeptChildren } from "./kept-children.ts";
import type { RunnerLog } from "./log.ts";

/** How a run left this runner. */
export type RunOutcome =
  /** Its flow is over, and the cloud knows all of it. */
  | { readonly kind: "finished"; readonly state: StateName }
  /** The lease was given back; another attempt goes on. */
  | { readonly kind: "released"; readonly reason: ReleaseReason }
  /** The cloud takes nothing more of this attempt. What it did not take is kept in the journal as evidence. */
  | { readonly kind: "fenced"; readonly reason: string }
  /** The cloud could not be told in time. The journal is shipped when the agent starts again. */
  | { readonly kind: "abandoned"; readonly reason: string };

/** One claimed run in the hands of this runner. */
export interface RunHandle {
  readonly runId: string;
  readonly attempt: number;
  /** Hands on what the cloud asks. The same order may come again. */
  order(order: Order): void;
  /** Stops the child and gives the lease back, so that the next attempt starts at once. Resolves when the run has left this runner. */
  release(reason: ReleaseReason): Promise<void>;
  /** Never rejects. */
  readonly done: Promise<RunOutcome>;
}

/** What all runs of a host share. */
export interface RunDeps {
  readonly client: CloudClient;
  readonly gate: Gate;
  readonly policy: Policy;
  readonly journal: Journal;
  readonly room: JournalRoom;
  readonly pool: ChildPool;
  readonly kept: KeptChildren;
  readonly config: RunnerConfig;
  readonly log: RunnerLog;
  readonly environment: Readonly<Record<string, string>>;
}
