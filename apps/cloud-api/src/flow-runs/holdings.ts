import type { Pool } from "pg";
import { FLOW_RUNS_TABLE, rowsOfRun, type RunTable, TABLES_OF_FLOW_RUNS } from "./holdings.sql.ts";

/** What one table of the cloud holds about a flow run. */
export interface Holding {
  readonly table: string;
  readonly rows: number;
  /** The rows themselves, all columns, the first 5,000. */
  readonly sample: readonly unknown[];
}

const MOST_ROWS = 5_000;

/** Everything that the cloud knows about a flow run, table by table; tables without a row of it are left out. */
export async function holdingsOf(pool: Pool, tenantId: string, runId: string): Promise<Holding[]> {
  const { rows: tables } = await pool.query<RunTable>(TABLES_OF_FLOW_RUNS);
  const holdings: Holding[] = [await holdingOf(pool, FLOW_RUNS_TABLE, "id", [tenantId, runId])];
  // One after the other: a look at everything is rare, and shall not take all connections at once.
  for (const table of tables) holdings.push(await holdingOf(pool, table, "flow_run_id", [tenantId, runId]));
  return holdings.filter((holding) => holding.rows > 0);
}

async function holdingOf(pool: Pool, table: RunTable, idColumn: "id" | "flow_run_id", run: readonly [string, string]) {
  const { rows } = await pool.query<{ rows: number; sample: unknown[] }>(rowsOfRun(table, idColumn), [
    ...run,
    MOST_ROWS,
  ]);
  return { table: table.table, rows: rows[0]?.rows ?? 0, sample: rows[0]?.sample ?? [] };
}
