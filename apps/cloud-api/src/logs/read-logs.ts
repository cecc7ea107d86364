import type { Pool } from "pg";
import { type EventPosition, FIRST_EVENT, LAST_EVENT, type Page } from "../graphql/page.ts";
import { logPages, NEW_LOGS } from "./log.sql.ts";

export interface LogRow {
  readonly flowRunId: string;
  readonly attempt: number;
  readonly number: number;
  readonly at: Date;
  readonly level: number;
  readonly text: string;
  readonly logger: string;
  readonly taskRunNumber: number | null;
}

/** One page of log lines for each of many flow runs, by flow run. */
export async function readLogPages(pool: Pool, tenantId: string, runs: readonly string[], page: Page<EventPosition>) {
  const after = page.after ?? FIRST_EVENT;
  const before = page.before ?? LAST_EVENT;
  const { rows } = await pool.query<LogRow>(logPages(page.fromEnd ? "desc" : "asc"), [
    tenantId,
    runs,
    after.attempt,
    after.number,
    before.attempt,
    before.number,
    page.limit,
  ]);
  return Map.groupBy(rows, (row) => row.flowRunId);
}

/** Log lines of one flow run after one event, up to and with another. */
export async function readNewLogs(
  pool: Pool,
  tenantId: string,
  runId: string,
  after: EventPosition,
  upTo: EventPosition,
): Promise<LogRow[]> {
  const { rows } = await pool.query<LogRow>(NEW_LOGS, [
    tenantId,
    runId,
    after.attempt,
    after.number,
    upTo.attempt,
    upTo.number,
  ]);
  return rows;
}
