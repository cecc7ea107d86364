import type { Pool } from "pg";
import { grantSlots } from "../task-limits/grant-slots.ts";
import { REMOVE_STALE, WAITING_TENANTS } from "../task-limits/task-slot.sql.ts";
import type { Loop } from "./loop.ts";

/**
 * Removes slots that count no more, and grants what is free. Who frees a slot grants it at once; this is for a cloud that died in between.
 */
export function slotKeeper(pool: Pool, seconds: number): Loop {
  const tick = async () => {
    await pool.query(REMOVE_STALE);
    const { rows } = await pool.query<{ id: string }>(WAITING_TENANTS);
    for (const { id } of rows) await grantSlots(pool, id, true);
  };
  return { name: "slot-keeper", seconds, tick };
}
