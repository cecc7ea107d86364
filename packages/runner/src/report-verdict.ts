import { ConnectionError, isRetryable } from "@weir/client";
import { GateError } from "@weir/gate";
import { Refusal } from "@weir/protocol";

/** What a runner does after a report, or a release, that was not accepted. */
export type Verdict =
  /** The same again, after a back-off. */
  | { readonly do: "retry" }
  /** The cloud has less than we thought: ship again from this number on. */
  | { readonly do: "rewind"; readonly expected: number }
  /** Something on the way takes no message of this size: send less at once. */
  | { readonly do: "shrink" }
  /** The cloud will never take this attempt's events: the run is not ours any more. */
  | { readonly do: "give up"; readonly reason: string };

const PAYLOAD_TOO_LARGE = 413;

function refused(refusal: Refusal): Verdict {
  if (refusal.code === "EVENT_GAP" && refusal.expected !== undefined)
    return { do: "rewind", expected: refusal.expected };
  if (refusal.code === "TOO_LARGE") return { do: "shrink" };
  // STALE_ATTEMPT and CONFLICT: another attempt lives, or the run is over. All other codes that do not pass by themselves (a credential that
  // is no longer taken, a message that the cloud cannot read, an agent that is too old) end the same way: nothing can be told any more.
  return isRetryable(refusal) ? { do: "retry" } : { do: "give up", reason: `${refusal.code}: ${refusal.message}` };
}

/** Decides from the error alone. */
export function verdictOn(error: unknown): Verdict {
  if (error instanceof Refusal) return refused(error);
  if (error instanceof GateError) {
    // A ledger on a full disk can be written again when there is room. What the gate refuses by its content, it refuses tomorrow.
    return error.code === "LEDGER_FAILED" ? { do: "retry" } : { do: "give up", reason: error.message };
  }
  // A proxy in front of the cloud with a smaller limit than the cloud's own.
  if (error instanceof ConnectionError && error.status === PAYLOAD_TOO_LARGE) return { do: "shrink" };
  // Even what is not worth a retry elsewhere (a reply of another version, a redirect): a run in hand must not be lost for the sake of a wrong
  // proxy setting that somebody is about to mend. The lease bounds it.
  return { do: "retry" };
}
