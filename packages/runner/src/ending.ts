import { type Failure, isSuccessful, isTerminal, type ReleaseReason, type RunEvent } from "@weir/protocol";
import { crashFailure, type Exit } from "./crash.ts";

/** Why a run comes to its end before, or other than, its flow meant it to. */
export type Ending =
  /** The lease is given back: drain, shutdown, or nothing to do before a later moment. */
  | { readonly why: "release"; readonly reason: ReleaseReason; /** `performance.now()` */ readonly dueAt?: number }
  /** Somebody cancelled it. */
  | { readonly why: "cancel"; readonly graceMs: number }
  /** Fenced by time: the cloud was silent for too long. */
  | { readonly why: "lease" }
  /** Weir's own failure: what the child said is no message, the journal cannot be written, the child does not begin. */
  | { readonly why: "failure"; readonly state: "Failed" | "Crashed"; readonly failure: Failure }
  /** The cloud says that this attempt is not the live one, or will take nothing more of it. */
  | { readonly why: "lost"; readonly reason: string }
  /** The host closes. */
  | { readonly why: "close" };

/** A later ending takes the place of an earlier one only when it is more final. */
const RANK = { release: 1, cancel: 2, lease: 3, failure: 4, lost: 5, close: 6 } as const satisfies Record<
  Ending["why"],
  number
>;

/** Which of two endings holds. */
export function moreFinal(before: Ending | null, later: Ending): Ending {
  return before === null || RANK[later.why] > RANK[before.why] ? later : before;
}

/** Whether an event that the child emits while the run is ending still counts. */
export function accepts(ending: Ending | null, event: RunEvent): boolean {
  if (ending === null || ending.why === "cancel") return true;
  if (ending.why !== "release") return false;
  // Told to stop, a child may well say that its flow failed or was cancelled. Only the next attempt knows how the flow really ends,
  // unless this one made it to the end in time.
  return event.kind !== "flow" || !isTerminal(event.state) || isSuccessful(event.state);
}

/**
 * What the runner itself says when the child is gone and the flow never said how it ended. Empty when another attempt is to go on.
 * @param exit null when no child was started
 */
export function lastEvents(ending: Ending | null, exit: Exit | null, stderr: string, at: number): RunEvent[] {
  if (ending === null) {
    const failure = crashFailure(exit ?? { code: null, signal: null, error: "no reason is known" }, stderr);
    return [{ kind: "flow", at, state: "Crashed", failure, message: failure.message }];
  }
  if (ending.why === "cancel") {
    const killed = exit?.signal === "SIGKILL";
    const message = killed
      ? `Cancelled. The flow's process did not stop within ${ending.graceMs / 1_000} s and was killed.`
      : "Cancelled. The flow's process was stopped.";
    return [{ kind: "flow", at, state: "Cancelled", message }];
  }
  if (ending.why !== "failure") return [];
  const { state, failure } = ending;
  return [{ kind: "flow", at, state, failure, message: failure.message }];
}
