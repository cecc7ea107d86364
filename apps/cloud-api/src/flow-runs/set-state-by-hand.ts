import { isFlowRunMove, isHeld, isTerminal, Refusal, SEALED_TEXT, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { freeAllSlots } from "../task-limits/free-slots.ts";
import { grantSlots } from "../task-limits/grant-slots.ts";
import { cancelChildren } from "./cancel-flow-run.ts";
import { endUnheldRun } from "./end-flow-run.ts";
import { requireFlowRun } from "./read-flow-run.ts";
import type { RunView } from "./run-view.ts";
import { MOST_DECISIONS, setFlowRunState } from "./set-flow-run-state.ts";

/** States that a person may say a run to be in. All of them are ends: what goes on is an agent's to say. */
export const STATES_BY_HAND = ["Success", "Failed", "Cancelled"] as const satisfies readonly StateName[];
export type StateByHand = (typeof STATES_BY_HAND)[number];

/** What a person says of a run. */
export interface HandSetState {
  readonly tenantId: string;
  readonly id: string;
  readonly state: StateByHand;
  /** Why, in that person's words. */
  readonly reason: string;
  /** Who it is, for the history. */
  readonly by: string;
}

/**
 * Ends a run by a person's word, at once. An agent that holds it is told with its next report, which changes nothing any more, and stops its process.
 * Unfinished task runs end with the run (Cancelled when it is said to be Success), and Cancelled takes along the runs that it started.
 * @throws Refusal NOT_FOUND, CONFLICT when it is over, or cannot come from its state to that one, INVALID without a reason
 */
export async function setStateByHand(pool: Pool, wanted: HandSetState): Promise<{ state: StateName }> {
  const { tenantId, id, state } = wanted;
  if (wanted.reason.trim() === "") {
    throw new Refusal("INVALID", "reason is empty; say why the run is set by hand, for whoever reads its history.");
  }
  for (let decided = 0; decided < MOST_DECISIONS; decided += 1) {
    const view = await requireFlowRun(pool, tenantId, id);
    assertPossible(view, state);
    const change = await endUnheldRun(pool, view, { state, message: messageOf(wanted) });
    if (!(await setFlowRunState(pool, change))) continue;
    if (isHeld(view.state) && view.orderVersion > 0 && (await freeAllSlots(pool, view)))
      await grantSlots(pool, tenantId);
    if (state === "Cancelled") await cancelChildren(pool, { tenantId, id });
    return { state };
  }
  throw new Refusal("OVERLOADED", `Flow run ${id} changes too quickly at this moment; set it again.`, {
    retryAfterSeconds: 1,
  });
}

function assertPossible({ runId, state: from }: RunView, to: StateByHand): void {
  if (isTerminal(from)) {
    throw new Refusal(
      "CONFLICT",
      `Flow run ${runId} is over (${from}), and that is final. Restart it to run it again.`,
    );
  }
  if (isFlowRunMove(from, to)) return;
  const possible = STATES_BY_HAND.filter((state) => isFlowRunMove(from, state)).join(" or ");
  throw new Refusal("CONFLICT", `Flow run ${runId} is ${from}; by hand it can become ${possible}, but not ${to}.`);
}

/** What is sealed stands whole: within a sentence nobody would find it to open it. Who it was stands in the audit log then. */
function messageOf({ state, reason, by }: HandSetState): string {
  return reason.startsWith(SEALED_TEXT) ? reason : `${by} set it to ${state}: ${reason}`;
}
