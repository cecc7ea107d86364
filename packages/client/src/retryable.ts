import { Refusal } from "@weir/protocol";
import { ConnectionError, type ConnectionProblem } from "./connection-error.ts";

const WORTH_A_RETRY = {
  // The cloud restarts, the network blinks: the usual case. Every message of the run door may be sent twice.
  UNREACHABLE: true,
  // Whether the cloud acted on it is not known; sending it again is safe.
  TIMED_OUT: true,
  // A proxy's error page or a cut-off text: usually over when what stands behind the proxy is back.
  NOT_WEIR: true,
  // The same question gets the same answer.
  REPLY_TOO_LARGE: false,
  // Whole JSON that does not fit the schema: the other side speaks another version, and will tomorrow.
  REPLY_INVALID: false,
  // A wrong URL. Following would hand the token to whoever answered.
  REDIRECTED: false,
  // The caller no longer wants it.
  ABORTED: false,
} as const satisfies Record<ConnectionProblem, boolean>;

/** Whether the same message may succeed later. The one predicate of the user's side. */
export function isRetryable(error: unknown): boolean {
  // The catalogue says it per refusal: overload and a database that is away pass, a wrong key does not.
  if (error instanceof Refusal) return error.retryable;
  if (error instanceof ConnectionError) return WORTH_A_RETRY[error.code];
  // A bug of ours, or a GraphQL error: trying again repeats it.
  return false;
}

/**
 * Milliseconds to wait before try number `attempt` + 1. Doubles up to `maxMs`; the upper half is random, so that
 * thousands of agents do not come back in the same moment after an outage.
 * @param o.attempt failed tries so far, from 1
 * @param o.random a number from 0 to 1
 */
export function backoff(o: { attempt: number; baseMs: number; maxMs: number; random: number }): number {
  const full = Math.min(o.maxMs, o.baseMs * 2 ** Math.min(30, Math.max(0, o.attempt - 1)));
  return full / 2 + (full / 2) * o.random;
}

/** Seconds that the other side asked to wait, 0 when it did not. */
export function askedToWaitSeconds(error: unknown): number {
  if (error instanceof Refusal || error instanceof ConnectionError) return error.retryAfterSeconds ?? 0;
  return 0;
}
