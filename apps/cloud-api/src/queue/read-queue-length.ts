import type { Pool } from "pg";

const MOST = 10_000;

/** Runs of a tenant whose time has come and that nobody has claimed, counted up to 10,000. */
export async function readQueueLength(pool: Pool, tenantId: string): Promise<number> {
  const { rows } = await pool.query<{ due: number }>(
    `select count(*)::int as due from (
      select from flow_runs where tenant_id = $1 and state in ('Scheduled', 'Resume', 'Retrying') and scheduled_start_time <= now()
      limit ${MOST}) r`,
    [tenantId],
  );
  return rows[0]?.due ?? 0;
}
