import { isRetryable } from "@weir/client";
import { Refusal, type RefusalCode } from "@weir/protocol";
import { AGENT_EXIT, AgentError } from "./agent-error.ts";

/** What an agent does about an error of the line. */
export type Verdict =
  | { readonly do: "retry" }
  /** Enrol again, then go on. */
  | { readonly do: "enrol" }
  | { readonly do: "give-up"; readonly because: AgentError };

const KEY_REFUSED: readonly RefusalCode[] = ["UNAUTHENTICATED", "KEY_EXPIRED", "KEY_REVOKED", "FORBIDDEN"];

function giveUp(error: unknown, exitCode: 1 | 3, advice = ""): Verdict {
  const sentence = error instanceof Error ? error.message : String(error);
  return { do: "give-up", because: new AgentError(`${sentence}${advice}`, exitCode, error) };
}

/**
 * Decides about an error.
 * @param reachedBefore whether this process ever had a good answer. A wrong URL shows at the first word and is worth an end; later
 * the same error is a proxy's bad hour, and ending would kill the runs in hand.
 */
export function verdictOf(error: unknown, reachedBefore: boolean): Verdict {
  if (error instanceof Refusal) {
    // The session is over, not the key: a cloud that was set up anew answers UNAUTHENTICATED to enrolling itself.
    if (error.code === "SESSION_EXPIRED") return { do: "enrol" };
    if (KEY_REFUSED.includes(error.code))
      return giveUp(
        error,
        AGENT_EXIT.keyRefused,
        " The agent ends here; give it a key of scope agent (`weir keys create NAME --scope agent`) and start it again.",
      );
    if (error.code === "AGENT_TOO_OLD") return giveUp(error, AGENT_EXIT.failed);
  }
  if (isRetryable(error) || reachedBefore) return { do: "retry" };
  return giveUp(error, AGENT_EXIT.failed);
}
