import { isHeld, Refusal, type ReleaseReason, type ReleaseRequest, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import type { AttendDeps } from "./attend-holder.ts";
import { leaving } from "./leave-flow-run.ts";
import { readOrders } from "./read-orders.ts";
import { requireFlowRun } from "./read-flow-run.ts";
import type { Reporter } from "./report-events.ts";
import type { RunView } from "./run-view.ts";
import { freeAllSlots } from "../task-limits/free-slots.ts";
import { endUnheldRun } from "./end-flow-run.ts";
import { type FlowRunChange, MOST_DECISIONS, setFlowRunState } from "./set-flow-run-state.ts";

const WHY = {
  drain: "its agent stops taking work",
  shutdown: "its agent shuts down",
  silence: "it had heard nothing of the cloud for two thirds of the lease",
  restart: "it died, and was started again",
  "retry-later": "nothing can go on before then",
  paused: "it waits for a person",
} as const satisfies Record<ReleaseReason, string>;

/**
 * Gives a lease back, so that the next attempt starts at once, or in `dueInMs`. A run that was asked to cancel ends as Cancelled, one that
 * was asked to pause is Paused whatever the reason. One that was given back to wait for a person goes on at once when that person
 * has spoken meanwhile: the approval, or the word that it need not pause, may have come a moment before, and nobody would hear of it.
 * @throws Refusal STALE_ATTEMPT, NOT_FOUND
 */
export async function releaseFlowRun(
  { pool, onFreed }: AttendDeps,
  reporter: Reporter,
  request: ReleaseRequest,
): Promise<{ state: StateName }> {
  for (let decided = 0; decided < MOST_DECISIONS; decided += 1) {
    const view = await requireFlowRun(pool, reporter.tenantId, reporter.runId);
    if (view.attempt !== reporter.attempt) {
      throw new Refusal(
        "STALE_ATTEMPT",
        `Attempt ${reporter.attempt} of flow run ${reporter.runId} is over: attempt ${view.attempt} holds the lease now.`,
      );
    }
    // Given back already, or over: the reply to the first request was lost.
    if (!isHeld(view.state)) return { state: view.state };
    const change = await releasing(pool, view, request);
    if (!(await setFlowRunState(pool, change))) continue;
    if (view.orderVersion > 0 && (await freeAllSlots(pool, view))) onFreed(view.tenantId);
    return { state: change.moves.at(-1)?.state ?? view.state };
  }
  throw new Refusal("OVERLOADED", `Flow run ${reporter.runId} changes too quickly at this moment; release it again.`, {
    retryAfterSeconds: 1,
  });
}

async function releasing(pool: Pool, view: RunView, request: ReleaseRequest): Promise<FlowRunChange> {
  if (view.state === "Cancelling") {
    return await endUnheldRun(pool, view, {
      state: "Cancelled",
      message: "its agent gave the lease back instead of stopping it",
    });
  }
  const why = `agent ${view.agentName ?? "(gone)"} gave the lease back: ${WHY[request.reason]}`;
  const waits = request.reason === "paused" && !(await mayGoOn(pool, view));
  return {
    ...leaving(view, why, waits),
    dueInSeconds: (request.dueInMs ?? 0) / 1000,
  };
}

/** Whether a person has spoken whom the engine, when it gave the run back, had not heard. */
async function mayGoOn(pool: Pool, view: RunView): Promise<boolean> {
  if (view.orderVersion === 0) return false;
  if (view.pauseOrder === "resume") return true;
  const orders = await readOrders(pool, view.tenantId, [view.runId]);
  return orders.some(({ kind }) => kind === "approve");
}
