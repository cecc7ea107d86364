import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { grantFront, grantSlots, tellHolders, withQueue } from "./grant-slots.ts";

/** Slots of one tag at most: each one that is free is looked for in the queue, and an order names 10,000 task runs. */
export const MOST_SLOTS = 10_000;
/** Limits of one tenant: each grant looks at all of them. */
export const MOST_LIMITS = 1_000;

// In the queue's lock, so that no two can both be the thousandth.
const SET = `insert into task_limits (tenant_id, tag, slots, changed_at)
select $1, $2, $3, clock_timestamp()
where exists (select from task_limits where tenant_id = $1 and tag = $2)
  or (select count(*) from task_limits where tenant_id = $1) < ${MOST_LIMITS}
on conflict (tenant_id, tag) do update set slots = excluded.slots, changed_at = excluded.changed_at`;

/**
 * Sets how many task runs with a tag may run at once; 0: none. Those that wait are granted what that frees before this resolves. Those that
 * hold more than a lower limit allows go on; nobody follows them until they are fewer.
 * @throws Refusal INVALID
 */
export async function setTaskLimit(
  pool: Pool,
  wanted: { tenantId: string; tag: string; slots: number },
): Promise<{ tag: string }> {
  const { tenantId, tag, slots } = wanted;
  if (!Number.isInteger(slots) || slots < 0 || slots > MOST_SLOTS) {
    throw new Refusal(
      "INVALID",
      `The limit of the tag ${JSON.stringify(tag)} cannot be ${slots}; it takes a whole number from 0 (none may run) to ${MOST_SLOTS}.`,
    );
  }
  const grants = await withQueue(pool, tenantId, async (client) => {
    const { rowCount } = await client.query(SET, [tenantId, tag, slots]);
    return rowCount === 1 ? await grantFront(client, tenantId) : null;
  });
  if (grants === null) {
    throw new Refusal("INVALID", `There are ${MOST_LIMITS} task limits already, as many as can be. Remove one first.`);
  }
  await tellHolders(pool, grants);
  return { tag };
}

/**
 * Removes a limit: task runs with this tag run as they come, those that wait for it at once.
 * @throws Refusal NOT_FOUND
 */
export async function deleteTaskLimit(pool: Pool, wanted: { tenantId: string; tag: string }): Promise<{ tag: string }> {
  const { tenantId, tag } = wanted;
  const { rowCount } = await pool.query(`delete from task_limits where tenant_id = $1 and tag = $2`, [tenantId, tag]);
  if (rowCount === 0) {
    throw new Refusal("NOT_FOUND", `The tag ${JSON.stringify(tag)} has no limit. See them with \`weir limits list\`.`);
  }
  await grantSlots(pool, tenantId, true);
  return { tag };
}
