import { isClaimable, isTerminal, Refusal, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { requireFlowRun } from "./read-flow-run.ts";
import type { RunView } from "./run-view.ts";
import { MOST_DECISIONS, setFlowRunState } from "./set-flow-run-state.ts";

// The wish itself, where the run's state does not change: its holder carries it out when it gives the run back; a run that waits for an approval
// is Paused already, and from now on its approval alone does not start it. The order's version makes a release that was decided on before the
// wish be decided anew.
const WISH = `with run as (
  update flow_runs set pause_order = 'pause', order_version = order_version + 1
  where id = $2 and (tenant_id = $1) is true and state in ('Submitted', 'Running', 'Paused') and pause_order is distinct from 'pause'
  returning id
)
select pg_notify('weir_order', id::text), pg_notify('weir_run', id::text) from run`;

/**
 * Pauses a run. One that waits is Paused at once; the holder of one that is held is told, begins no further task, and gives it back. The
 * wish outlives the agent, and stands until `resumeFlowRun`. A run that is paused already stays as it is.
 * @throws Refusal NOT_FOUND, CONFLICT when it is over or being cancelled
 */
export async function pauseFlowRun(
  pool: Pool,
  wanted: { tenantId: string; id: string },
): Promise<{ state: StateName }> {
  for (let decided = 0; decided < MOST_DECISIONS; decided += 1) {
    const view = await requireFlowRun(pool, wanted.tenantId, wanted.id);
    assertPausable(view);
    if (isClaimable(view.state)) {
      if (await pauseNow(pool, view)) return { state: "Paused" };
      continue;
    }
    if (view.pauseOrder === "pause") return { state: view.state };
    const { rowCount } = await pool.query(WISH, [wanted.tenantId, wanted.id]);
    if (rowCount === 1) return { state: view.state };
  }
  throw new Refusal("OVERLOADED", `Flow run ${wanted.id} changes too quickly at this moment; pause it again.`, {
    retryAfterSeconds: 1,
  });
}

function assertPausable({ runId, state }: RunView): void {
  if (isTerminal(state))
    throw new Refusal("CONFLICT", `Flow run ${runId} is over (${state}); there is nothing to pause.`);
  if (state !== "Cancelling") return;
  throw new Refusal("CONFLICT", `Flow run ${runId} is being cancelled; it cannot be paused any more.`);
}

function pauseNow(pool: Pool, view: RunView): Promise<boolean> {
  const message = "a person or program asked to pause it";
  return setFlowRunState(pool, {
    view,
    moves: [{ state: "Paused", at: null, eventNumber: null, message, failure: null }],
    eventNumber: view.eventNumber,
    pauseOrder: "pause",
    notify: ["run"],
  });
}
