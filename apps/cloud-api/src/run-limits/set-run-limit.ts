import { Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { withLock } from "../database/with-lock.ts";
import { notifyWork } from "../wake/notify-work.ts";

/** Slots of one label at most. */
export const MOST_RUN_SLOTS = 100_000;
/** Limits of one tenant: each claim looks at all of them. */
export const MOST_RUN_LIMITS = 1_000;

/**
 * Works while nobody else of the tenant claims runs or changes its limits. The race: two agents claim at the same moment, each finds one slot of a
 * label free, and each takes it. Claims of tenants without limits never come here, so one that is under way while the tenant's first limit is
 * made may still be of the time before it.
 */
export async function withRunLimits<T>(
  pool: Pool,
  tenantId: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return await withLock(pool, "run limits", tenantId, work);
}

const SET = `insert into run_limits (tenant_id, label, slots, changed_at)
select $1, $2, $3, clock_timestamp()
where exists (select from run_limits where tenant_id = $1 and label = $2)
  or (select count(*) from run_limits where tenant_id = $1) < ${MOST_RUN_LIMITS}
on conflict (tenant_id, label) do update set slots = excluded.slots, changed_at = excluded.changed_at`;

/**
 * Sets how many flow runs with a label may be held by agents at once; 0: none. Runs that wait can be claimed at once where that frees slots. Those
 * that hold more than a lower limit allows go on; nobody follows them until they are fewer.
 * @throws Refusal INVALID
 */
export async function setRunLimit(
  pool: Pool,
  wanted: { tenantId: string; label: string; slots: number },
): Promise<{ label: string }> {
  const { tenantId, label, slots } = wanted;
  if (!Number.isInteger(slots) || slots < 0 || slots > MOST_RUN_SLOTS) {
    throw new Refusal(
      "INVALID",
      `The limit of the label ${JSON.stringify(label)} cannot be ${slots}; it takes a whole number from 0 (none may run) to ${MOST_RUN_SLOTS}.`,
    );
  }
  const { rowCount } = await withRunLimits(pool, tenantId, (client) => client.query(SET, [tenantId, label, slots]));
  if (rowCount !== 1) {
    throw new Refusal(
      "INVALID",
      `There are ${MOST_RUN_LIMITS} limits on runs already, as many as can be. Remove one first.`,
    );
  }
  await notifyWork(pool, tenantId);
  return { label };
}

/**
 * Removes a limit: runs with this label are claimed as they come, those that wait for it at once.
 * @throws Refusal NOT_FOUND
 */
export async function deleteRunLimit(
  pool: Pool,
  wanted: { tenantId: string; label: string },
): Promise<{ label: string }> {
  const { tenantId, label } = wanted;
  const { rowCount } = await pool.query(`delete from run_limits where tenant_id = $1 and label = $2`, [
    tenantId,
    label,
  ]);
  if (rowCount === 0) {
    throw new Refusal(
      "NOT_FOUND",
      `The label ${JSON.stringify(label)} has no limit. See them with \`weir limits list\`.`,
    );
  }
  await notifyWork(pool, tenantId);
  return { label };
}
