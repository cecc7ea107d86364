import type { Pool } from "pg";
import type { EventPosition, Page } from "../graphql/page.ts";
import { logExtents, logPages, NEW_LOGS, TASKS_OF_LINES, wantedLogPages } from "./log.sql.ts";
import { leavesOut, type LogFilter, MOST_LOOKED_AT, rangeOf, wantedOf } from "./log-filter.ts";

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

interface LookedRow extends LogRow {
  readonly wanted: boolean;
  /** No more than up to this line was looked at. */
  readonly isLast: boolean;
}

/** Where the lines of one attempt begin and end. */
export interface LogExtent {
  readonly flowRunId: string;
  readonly attempt: number;
  readonly first: number;
  readonly last: number;
  readonly lines: number;
  readonly isMore: boolean;
}

/** Lines of one run. */
export interface LogPage {
  readonly lines: LogRow[];
  /** Where looking ended before the page was full and before all lines were looked at. */
  readonly lookedTo: EventPosition | null;
}

/** One page of log lines for each of many flow runs, by flow run. */
export async function readLogPages(
  pool: Pool,
  tenantId: string,
  runs: readonly string[],
  page: Page<EventPosition>,
  filter: LogFilter,
): Promise<ReadonlyMap<string, LogPage>> {
  const { after, before } = rangeOf(page, filter);
  const values = [tenantId, after.attempt, after.number, before.attempt, before.number, page.limit];
  const direction = page.fromEnd ? "desc" : "asc";
  if (!leavesOut(filter)) {
    const { rows } = await pool.query<LogRow>(logPages(direction, runs.length), [...values, ...runs]);
    return pagesOf(rows, (lines) => ({ lines, lookedTo: null }));
  }
  const { rows } = await pool.query<LookedRow>(wantedLogPages(direction, runs.length), [
    ...values,
    MOST_LOOKED_AT,
    ...wantedOf(filter),
    ...runs,
  ]);
  return pagesOf(rows, (looked) => {
    const lines = looked.filter(({ wanted }) => wanted);
    return { lines, lookedTo: lines.length < page.limit ? (looked.find(({ isLast }) => isLast) ?? null) : null };
  });
}

function pagesOf<Row extends LogRow>(rows: readonly Row[], read: (rows: Row[]) => LogPage): Map<string, LogPage> {
  return new Map([...Map.groupBy(rows, (row) => row.flowRunId)].map(([run, own]) => [run, read(own)]));
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

/** Lines of an attempt that are counted. */
const MOST_COUNTED = 10_000;
/** Attempts whose extent is told, the newest. */
export const MOST_EXTENTS = 20;

/** Where the lines of each attempt begin and end, by flow run. */
export async function readLogExtents(pool: Pool, tenantId: string, runs: readonly string[]) {
  const { rows } = await pool.query<LogExtent>(logExtents(runs.length), [
    tenantId,
    MOST_COUNTED,
    MOST_EXTENTS,
    ...runs,
  ]);
  return Map.groupBy(rows, (row) => row.flowRunId);
}

/** The key under which `readTasksOfLines` answers. */
export const lineKey = ({ flowRunId, taskRunNumber }: LogRow): string => `${flowRunId}.${taskRunNumber ?? ""}`;

/** Names of the tasks that wrote lines, by `lineKey`. */
export async function readTasksOfLines(pool: Pool, tenantId: string, keys: readonly string[]) {
  const pairs = keys.map((key) => key.split("."));
  const { rows } = await pool.query<{ flowRunId: string; number: number; name: string }>(TASKS_OF_LINES, [
    tenantId,
    pairs.map(([run]) => run),
    pairs.map(([, number]) => Number(number)),
  ]);
  return new Map(rows.map(({ flowRunId, number, name }) => [`${flowRunId}.${number}`, name]));
}
