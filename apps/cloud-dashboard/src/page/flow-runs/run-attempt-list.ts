import { isHeld, isTerminal, type StateName } from "@weir/protocol/state";
import type { RunStateRowFragment } from "../generated/operations.ts";

/** One time that an agent held a run: from the claim to the end of its lease. */
export interface RunAttempt {
  readonly attempt: number;
  readonly claimedAt: string;
  /** Who claimed it, in the words of the history. */
  readonly claim: string | null;
  /** When the flow itself began. */
  readonly startedAt: string | null;
  /** Null: the lease is held. */
  readonly endedAt: string | null;
  /** What the run became then. */
  readonly end: StateName | null;
  /** Why, in the words of the history: the lease ran out, it failed … */
  readonly message: string | null;
}

/** The attempts of a run, oldest first. */
export function attemptsOf(states: readonly RunStateRowFragment[]): RunAttempt[] {
  const claims = states.flatMap((row, index) => (row.state === "Submitted" ? [index] : []));
  return claims.map((from, index) => {
    const rows = states.slice(from, claims[index + 1]);
    const [claim] = rows;
    const end = rows.find(({ state }) => isTerminal(state) || !isHeld(state));
    return {
      attempt: claim?.attempt ?? 0,
      claimedAt: claim?.at ?? "",
      claim: claim?.message ?? null,
      startedAt: rows.find(({ state }) => state === "Running")?.at ?? null,
      endedAt: end?.at ?? null,
      end: end?.state ?? null,
      message: end?.message ?? null,
    };
  });
}
