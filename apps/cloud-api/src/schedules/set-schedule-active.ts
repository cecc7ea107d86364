import { isId, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { takeBackRuns } from "./runs-ahead.ts";
import { LOCK_SCHEDULE, SWITCH_OFF, SWITCH_ON } from "./schedule.sql.ts";

/**
 * Switches a schedule off or on. Off: runs that it made ahead and that nobody has touched are taken back. On: it goes on from now; what
 * passed meanwhile is not caught up with, since it was wanted so.
 * @throws Refusal NOT_FOUND
 */
export async function setScheduleActive(
  pool: Pool,
  wanted: { tenantId: string; id: string; active: boolean; now: Date },
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await switchSchedule(client, wanted);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function switchSchedule(
  client: PoolClient,
  { tenantId, id, active, now }: { tenantId: string; id: string; active: boolean; now: Date },
): Promise<void> {
  const { rows } = isId(id) ? await client.query<{ active: boolean }>(LOCK_SCHEDULE, [tenantId, id]) : { rows: [] };
  if (rows[0] === undefined)
    throw new Refusal(
      "NOT_FOUND",
      `There is no schedule ${JSON.stringify(id)}; the query flow { schedules { id name } } tells those of a flow.`,
    );
  if (rows[0].active === active) return;
  if (active) {
    await client.query(SWITCH_ON, [tenantId, id, now]);
    return;
  }
  await client.query(SWITCH_OFF, [tenantId, id]);
  await takeBackRuns(client, { tenantId, schedules: [id], now });
}
