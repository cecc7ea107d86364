import type { Pool } from "pg";
import type { Page } from "../graphql/page.ts";
import { HOLDERS_OF_LABELS, RUN_LIMIT_PAGE, RUN_LIMIT_USE } from "./run-limit.sql.ts";

export interface RunLimitRow {
  readonly label: string;
  readonly slots: number;
  readonly changedAt: Date;
}

/** How many flow runs with a label are held at this moment, and how many are due and wait. */
export interface RunLimitUse {
  readonly label: string;
  readonly held: number;
  readonly waiting: number;
}

/** One page of a tenant's limits, by label. */
export async function readRunLimits(pool: Pool, tenantId: string, page: Page<string>): Promise<RunLimitRow[]> {
  const values = [tenantId, page.after, page.before, page.limit];
  const { rows } = await pool.query<RunLimitRow>(RUN_LIMIT_PAGE(page.fromEnd ? "desc" : "asc"), values);
  return rows;
}

/** A limit, or null. */
export async function readRunLimit(pool: Pool, tenantId: string, label: string): Promise<RunLimitRow | null> {
  const { rows } = await pool.query<RunLimitRow>(
    `select label, slots, changed_at as "changedAt" from run_limits where tenant_id = $1 and label = $2`,
    [tenantId, label],
  );
  return rows[0] ?? null;
}

export async function readRunLimitUse(
  pool: Pool,
  tenantId: string,
  labels: readonly string[],
): Promise<Map<string, RunLimitUse>> {
  const { rows } = await pool.query<RunLimitUse>(RUN_LIMIT_USE, [tenantId, labels]);
  return new Map(rows.map((row) => [row.label, row]));
}

/** A flow run that is held, so that it counts. */
export interface RunHolderRow {
  readonly flowRunId: string;
  readonly flowRunName: string;
  readonly agent: string | null;
}

/** The first hundred runs of each label that are held, oldest first. */
export async function readHolders(
  pool: Pool,
  tenantId: string,
  labels: readonly string[],
): Promise<Map<string, RunHolderRow[]>> {
  const { rows } = await pool.query<RunHolderRow & { label: string }>(HOLDERS_OF_LABELS, [tenantId, labels]);
  return Map.groupBy(rows, ({ label }) => label);
}
