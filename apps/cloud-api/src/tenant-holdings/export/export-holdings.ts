import type { Pool } from "pg";
import { inTenant } from "../../database/tenant-scope.ts";
import { type KeyColumn, MEMBERS, rowsPage, TENANT, TENANT_TABLES, type TenantTable } from "./export-holdings.sql.ts";
import { LEFT_OUT_COLUMNS, LEFT_OUT_TABLES } from "./left-out.ts";

/** Rows of one page: as much is in memory at once. Of some tables a row may have a mebibyte. */
const PAGE_ROWS = 200;
const LARGE_ROWS = 20;
const LARGE: ReadonlySet<string> = new Set([
  "flow_runs",
  "flow_versions",
  "flow_settings",
  "schedules",
  "kv_entries",
  "artifacts",
]);

export interface ExportWish {
  readonly pool: Pool;
  readonly tenantId: string;
  readonly at: Date;
  /** Asked again and again while the export goes on. @throws Refusal when it must end */
  readonly checkCredential: () => Promise<void>;
}

interface Page {
  readonly rows: readonly { readonly row: string; readonly place: readonly string[] }[];
}

/**
 * Everything that the cloud holds of a tenant, as lines of JSON, a page of rows at a time: first what the export is, then each row with its table
 * (runs one after the other with all that hangs on them), last how many rows of each table there were. Each row as it stood when it was read. An
 * export without the last line was cut off.
 */
export async function* exportHoldings(wish: ExportWish): AsyncGenerator<string> {
  const { pool, tenantId, at, checkCredential } = wish;
  const counts = new Map<string, number>();
  const told = (table: string, rows: readonly { row: string }[]): string => {
    counts.set(table, (counts.get(table) ?? 0) + rows.length);
    return rows.map(({ row }) => `{"table":${JSON.stringify(table)},"row":${row}}\n`).join("");
  };
  const ask = <T extends object>(text: string, values: unknown[]) =>
    inTenant(tenantId, async () => (await pool.query<T>(text, values)).rows);
  const tables = (await ask<TenantTable>(TENANT_TABLES, [])).filter(
    ({ table }) => LEFT_OUT_TABLES[table] === undefined,
  );
  yield line({
    export: "weir holdings",
    tenantId,
    at,
    leftOut: { tables: LEFT_OUT_TABLES, columns: LEFT_OUT_COLUMNS },
  });
  yield told("tenants", await ask(TENANT, [tenantId]));
  yield told("users", await ask(MEMBERS, [tenantId]));
  const ofRuns = tables.filter(hangsOnRuns);
  for (const table of tables.filter((one) => !hangsOnRuns(one)))
    for await (const { rows } of pages(wish, table, null)) {
      await checkCredential();
      yield told(table.table, rows);
      if (table.table !== "flow_runs") continue;
      const runs = rows.map(({ place }) => place[0] ?? "");
      for (const below of ofRuns) for await (const page of pages(wish, below, runs)) yield told(below.table, page.rows);
    }
  yield line({ end: true, rows: Object.fromEntries(counts) });
}

const line = (value: object) => `${JSON.stringify(value)}\n`;

/** What has the tenant first in its key is read by that, whatever run it is of. */
const hangsOnRuns = ({ hasRun, key }: TenantTable) => hasRun && key[0]?.column !== "tenant_id";

async function* pages(
  { pool, tenantId }: ExportWish,
  { table, key }: TenantTable,
  runs: readonly string[] | null,
): AsyncGenerator<Page> {
  const order = orderOf(key, runs !== null);
  const most = LARGE.has(table) ? LARGE_ROWS : PAGE_ROWS;
  const given = [tenantId, LEFT_OUT_COLUMNS[table] ?? [], most, ...(runs === null ? [] : [runs])];
  let place: readonly string[] = [];
  for (;;) {
    const isFirst = place.length === 0;
    const text = rowsPage(table, order, { ofRuns: runs !== null, isFirst });
    const page: Page = await inTenant(tenantId, () => pool.query<Page["rows"][number]>(text, [...given, ...place]));
    if (page.rows.length > 0) yield page;
    place = page.rows.at(-1)?.place ?? [];
    if (page.rows.length < most || place.length === 0) return;
  }
}

/** By the key without the tenant, which is the same for all; where rows hang on runs, the run first: an index has both. */
function orderOf(key: readonly KeyColumn[], ofRuns: boolean): KeyColumn[] {
  const own = key.filter(({ column }) => column !== "tenant_id" && !(ofRuns && column === "flow_run_id"));
  return ofRuns ? [{ column: "flow_run_id", type: "uuid" }, ...own] : own;
}
