import type { Pool } from "pg";
import { cancelFlowRun, UNFINISHED } from "./cancel-flow-run.ts";

// One that had ended before was restarted by a person, who wants it to run although its parent was cancelled.
const LEFT_BEHIND = `select c.id, c.tenant_id as "tenantId" from flow_runs c join flow_runs p on p.tenant_id = c.tenant_id and p.id = c.parent_run_id
where c.parent_run_id is not null and c.state in ${UNFINISHED} and p.state in ('Cancelling', 'Cancelled')
  and not exists (select from flow_run_states s where s.flow_run_id = c.id
    and s.state in ('Success', 'Failed', 'TimedOut', 'ValidationFailed', 'Crashed', 'Cancelled'))
order by c.id limit 100`;

/**
 * Cancels children whose parent was cancelled, but whose own cancel was lost: a cloud died after the first. Answers how many.
 * `onProblem` hears of those that cannot be cancelled; they do not keep the others from it.
 */
export async function cancelLeftBehind(
  pool: Pool,
  onProblem: (runId: string, error: unknown) => void,
): Promise<number> {
  const { rows } = await pool.query<{ id: string; tenantId: string }>(LEFT_BEHIND);
  let cancelled = 0;
  for (const run of rows) {
    const done = await cancelFlowRun(pool, run).catch((error: unknown) => (onProblem(run.id, error), null));
    if (done !== null) cancelled += 1;
  }
  return cancelled;
}
