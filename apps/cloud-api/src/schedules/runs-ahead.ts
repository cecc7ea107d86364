import type { PoolClient } from "pg";
import { DELETE_RUNS, LOCK_RUNS_AHEAD } from "./schedule.sql.ts";

/** Takes back runs that these schedules made for slots after `now`, unless somebody has touched them. Answers how many. */
export async function takeBackRuns(
  client: PoolClient,
  { tenantId, schedules, now }: { tenantId: string; schedules: readonly string[]; now: Date },
): Promise<number> {
  if (schedules.length === 0) return 0;
  const { rows } = await client.query<{ id: string }>(LOCK_RUNS_AHEAD, [tenantId, schedules, now]);
  if (rows.length > 0) await client.query(DELETE_RUNS, [tenantId, rows.map(({ id }) => id)]);
  return rows.length;
}
