import type { Pool } from "pg";
import type { RunView, TaskRunView } from "./run-view.ts";

// Looped has ended_at, but waits for its next turn.
const SQL = `select number, state, attempt, try_number as "tryNumber" from task_runs
where tenant_id = $1 and flow_run_id = $2 and (ended_at is null or state = 'Looped') order by number`;

/** The task runs of a flow run that are not over. */
export async function readUnfinished(
  pool: Pool,
  run: Pick<RunView, "tenantId" | "runId">,
): Promise<Map<number, TaskRunView>> {
  const { rows } = await pool.query<TaskRunView & { number: number }>({
    name: "unfinished-task-runs",
    text: SQL,
    values: [run.tenantId, run.runId],
  });
  return new Map(rows.map(({ number, ...view }) => [number, view]));
}
