import { type DataClass, HELD_TABLES } from "@weir/protocol";
import type { Pool } from "pg";
import { HELD_VALUES } from "./held-values.ts";
import { tenantHoldings } from "./tenant-holdings.sql.ts";

/** What one column of the cloud's database holds of a tenant. */
export interface ColumnHolding {
  readonly table: string;
  readonly column: string;
  readonly about: string;
  readonly dataClass: DataClass;
  /** Of the rows that were looked at. */
  readonly values: number;
  readonly sealed: number;
  readonly pseudonyms: number;
  readonly isMore: boolean;
  readonly sample: string | null;
}

interface Row {
  readonly column: string;
  readonly values: number;
  readonly sealed: number;
  readonly pseudonyms: number;
  readonly looked: number;
  readonly rows: number;
  readonly runs: number;
  readonly sample: string | null;
}

/** How far is looked: rows of a table, bytes of their values, characters of a sample. */
export const HOLDINGS_BOUNDS = { rows: 10_000, bytes: 64 * 1024 * 1024, sample: 200 };

/** Every column that may hold user data, and what it holds of a tenant: the newest rows of each table, one table after the other. */
export async function readTenantHoldings(
  pool: Pool,
  tenantId: string,
  { rows: most, bytes, sample }: typeof HOLDINGS_BOUNDS = HOLDINGS_BOUNDS,
): Promise<ColumnHolding[]> {
  const found: ColumnHolding[] = [];
  // One after the other: a look at everything is rare, and shall not take all connections at once.
  for (const [table, columns] of Object.entries(HELD_VALUES)) {
    const told = await pool.query<Row>(tenantHoldings(table, columns), [tenantId, most + 1, bytes, sample]);
    for (const { column, looked, rows, runs, ...counts } of told.rows) {
      const { dataClass, about } = HELD_TABLES[table]?.columns[column] ?? { dataClass: "metadata", about: "" };
      found.push({ table, column, dataClass, about, isMore: looked < rows || runs > most, ...counts });
    }
  }
  return found;
}
