import { isClaimable, Refusal, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { grantSlots } from "../task-limits/grant-slots.ts";
import { requireFlowRun } from "./read-flow-run.ts";
import type { RunView } from "./run-view.ts";
import { MOST_DECISIONS, setFlowRunState } from "./set-flow-run-state.ts";

// Its holder may hear of it too late, when it has stopped already: the release finds this word, and the run is due again at once.
const TAKE_BACK = `with run as (
  update flow_runs set pause_order = 'resume', order_version = order_version + 1
  where id = $2 and (tenant_id = $1) is true and state in ('Submitted', 'Running') and pause_order = 'pause'
  returning id
)
select pg_notify('weir_order', id::text), pg_notify('weir_run', id::text) from run`;

/**
 * Lets a paused run go on: it can be claimed at once, or at its start time where that is still to come. Where its holder has not paused
 * it yet, the wish is taken back. A run that can be claimed anyway stays as it is.
 * @throws Refusal NOT_FOUND, CONFLICT when nobody asked to pause it, or it is over
 */
export async function resumeFlowRun(
  pool: Pool,
  wanted: { tenantId: string; id: string },
): Promise<{ state: StateName }> {
  for (let decided = 0; decided < MOST_DECISIONS; decided += 1) {
    const view = await requireFlowRun(pool, wanted.tenantId, wanted.id);
    if (isClaimable(view.state)) return { state: view.state };
    if (view.state === "Paused") {
      if (await resumeNow(pool, view)) return { state: "Resume" };
      continue;
    }
    assertAsked(view);
    if (view.pauseOrder === "resume") return { state: view.state };
    const { rowCount } = await pool.query(TAKE_BACK, [wanted.tenantId, wanted.id]);
    if (rowCount !== 1) continue;
    // What it had in a queue stood aside while it was to pause.
    await grantSlots(pool, wanted.tenantId);
    return { state: view.state };
  }
  throw new Refusal("OVERLOADED", `Flow run ${wanted.id} changes too quickly at this moment; resume it again.`, {
    retryAfterSeconds: 1,
  });
}

function assertAsked({ runId, state, pauseOrder }: RunView): void {
  const held = state === "Submitted" || state === "Running";
  if (held && pauseOrder !== null) return;
  const why = held ? "nobody asked to pause it" : "only a paused run can go on";
  throw new Refusal("CONFLICT", `Flow run ${runId} is ${state}, and ${why}; there is nothing to resume.`);
}

function resumeNow(pool: Pool, view: RunView): Promise<boolean> {
  const message = "a person or program let it go on";
  return setFlowRunState(pool, {
    view,
    moves: [{ state: "Resume", at: null, eventNumber: null, message, failure: null }],
    eventNumber: view.eventNumber,
    pauseOrder: null,
    notify: ["work", "run"],
  });
}
