import type { Pool } from "pg";
import { cancelFlowRun } from "./cancel-flow-run.ts";

const UNFINISHED = `('Scheduled', 'Paused', 'Resume', 'Retrying', 'Submitted', 'Running')`;

const CHILDREN = `select id from flow_runs
where parent_run_id = $2 and (tenant_id = $1) is true and state in ${UNFINISHED} and id > $3
order by id limit 100`;

// One that had ended before was restarted by a person, who wants it to run although its parent was cancelled.
const LEFT_BEHIND = `select c.id, c.tenant_id as "tenantId" from flow_runs c join flow_runs p on p.tenant_id = c.tenant_id and p.id = c.parent_run_id
where c.parent_run_id is not null and c.state in ${UNFINISHED} and p.state in ('Cancelling', 'Cancelled')
  and not exists (select from flow_run_states s where s.flow_run_id = c.id
    and s.state in ('Success', 'Failed', 'TimedOut', 'ValidationFailed', 'Crashed', 'Cancelled'))
order by c.id limit 100`;

const LOWEST_ID = "00000000-0000-0000-0000-000000000000";

/** Cancels the unfinished runs that a run has started, and theirs. */
export async function cancelChildren(pool: Pool, parent: { tenantId: string; id: string }): Promise<void> {
  const { tenantId } = parent;
  let after: string | undefined = LOWEST_ID;
  while (after !== undefined) {
    const page: { rows: { id: string }[] } = await pool.query(CHILDREN, [tenantId, parent.id, after]);
    for (const { id } of page.rows) await cancelFlowRun(pool, { tenantId, id });
    after = page.rows.at(-1)?.id;
  }
}

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
