import type { Pool } from "pg";
import type { Page } from "../graphql/page.ts";
import { LIMIT_PAGE, LIMIT_USE, SLOTS_OF_TAGS } from "./task-limit.sql.ts";

export interface TaskLimitRow {
  readonly tag: string;
  readonly slots: number;
  readonly changedAt: Date;
}

/** How many task runs hold a slot of a tag at this moment, and how many wait for one. */
export interface LimitUse {
  readonly tag: string;
  readonly held: number;
  readonly waiting: number;
}

/** A task run that holds a slot, or waits for one. */
export interface TaskSlotRow {
  readonly tag: string;
  readonly flowRunId: string;
  readonly flowRunName: string;
  readonly taskRunNumber: number;
  readonly task: string | null;
  readonly askedAt: Date;
  readonly grantedAt: Date | null;
}

/** One page of a tenant's limits, by tag. */
export async function readTaskLimits(pool: Pool, tenantId: string, page: Page<string>): Promise<TaskLimitRow[]> {
  const values = [tenantId, page.after, page.before, page.limit];
  const { rows } = await pool.query<TaskLimitRow>(LIMIT_PAGE(page.fromEnd ? "desc" : "asc"), values);
  return rows;
}

/** A limit, or null. */
export async function readTaskLimit(pool: Pool, tenantId: string, tag: string): Promise<TaskLimitRow | null> {
  const { rows } = await pool.query<TaskLimitRow>(
    `select tag, slots, changed_at as "changedAt" from task_limits where tenant_id = $1 and tag = $2`,
    [tenantId, tag],
  );
  return rows[0] ?? null;
}

export async function readLimitUse(
  pool: Pool,
  tenantId: string,
  tags: readonly string[],
): Promise<Map<string, LimitUse>> {
  const { rows } = await pool.query<LimitUse>(LIMIT_USE, [tenantId, tags]);
  return new Map(rows.map((row) => [row.tag, row]));
}

/** The first hundred task runs of each tag: those that hold a slot, then those that wait, in their order. */
export async function readTaskSlots(pool: Pool, tenantId: string, tags: readonly string[]) {
  const { rows } = await pool.query<TaskSlotRow>(SLOTS_OF_TAGS, [tenantId, tags]);
  return Map.groupBy(rows, ({ tag }) => tag);
}
