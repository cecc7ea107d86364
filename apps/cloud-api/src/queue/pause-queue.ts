import type { Pool } from "pg";
import { notifyWork } from "../wake/notify-work.ts";

/** Who paused something, when, and why. */
export interface Pause {
  readonly at: Date;
  readonly by: string;
  readonly reason: string | null;
}

/** What a person wants paused. */
export interface PauseWish {
  readonly tenantId: string;
  readonly by: string;
  readonly reason?: string | undefined;
}

const PAUSE = `insert into queue_pauses (tenant_id, paused_by, reason) values ($1, $2, $3)
on conflict (tenant_id) do update set paused_at = now(), paused_by = excluded.paused_by, reason = excluded.reason`;

/**
 * From now on nobody claims a run of the tenant; what is held goes on. A queue that is paused already is paused anew: by whoever asked last.
 */
export async function pauseQueue(pool: Pool, { tenantId, by, reason }: PauseWish): Promise<void> {
  await pool.query(PAUSE, [tenantId, by, reason ?? null]);
}

/** Runs of the tenant may be claimed again, and agents that wait hear of it at once. One that is not paused stays as it is. */
export async function resumeQueue(pool: Pool, tenantId: string): Promise<void> {
  const { rowCount } = await pool.query(`delete from queue_pauses where tenant_id = $1`, [tenantId]);
  if (rowCount === 1) await notifyWork(pool, tenantId);
}

/** The pause of a tenant's queue, or null. */
export async function readQueuePause(pool: Pool, tenantId: string): Promise<Pause | null> {
  const { rows } = await pool.query<Pause>(
    `select paused_at as at, paused_by as by, reason from queue_pauses where tenant_id = $1`,
    [tenantId],
  );
  return rows[0] ?? null;
}
