import { once } from "node:events";
import type { Writable } from "node:stream";
import { Client, escapeIdentifier, escapeLiteral } from "pg";
import { tellDatabaseError } from "./database-problem.ts";

// Every table with rows of its own, found in the catalog and not in a list: a table that is added tomorrow is dumped tomorrow. Partitioned tables
// have none; their partitions stand in the schema `partitions`. What Postgres itself keeps of values are samples for its planner, where what was
// deleted may still stand: they are dumped as rows of their table. The rest of its own schemas is written by migrations alone.
const TABLES = `
  select n.nspname as schema, c.relname as name from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('information_schema', 'pg_catalog', 'pg_toast') and n.nspname not like 'pg\\_temp%'
  order by n.nspname, c.relname`;

/** Rows that are fetched at once: a row has at most half a megabyte (parameters), and nothing of a dump is kept. */
const ROWS_AT_ONCE = 500;

const SAMPLES = `
  select s.schemaname || '.' || s.tablename as "table", true as sample, jsonb_build_object(s.attname, jsonb_build_array(
    to_jsonb(s)->'most_common_vals', to_jsonb(s)->'histogram_bounds', to_jsonb(s)->'most_common_elems')) as row
  from pg_catalog.pg_stats s where s.schemaname not in ('pg_catalog', 'information_schema')`;

/** A line of a dump. */
export interface DumpedRow {
  /** With its schema: `public.flow_runs`, `partitions.logs_20260131`. */
  readonly table: string;
  /** Column by column, as JSON. */
  readonly row: Readonly<Record<string, unknown>>;
  /** It is no row: values of one column that Postgres keeps for its planner. */
  readonly sample?: true;
}

/**
 * Writes everything that the database holds as JSON lines, `{"table":"public.tasks","row":{…}}` (`DumpedRow`), all of one moment: one read-only transaction that
 * sees nothing of what is written meanwhile. Rows are streamed; memory stays the same however many there are.
 * @returns how many rows.
 * @throws DatabaseProblem when the database is away.
 */
export async function dumpDatabase(url: string, out: Writable): Promise<number> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("begin isolation level repeatable read read only");
    await client.query("set local weir.tenant = 'every'");
    const { rows } = await client.query<{ schema: string; name: string }>(TABLES);
    let written = 0;
    for (const query of [...rows.map(rowsOf), SAMPLES]) written += await dumpRows(client, query, out);
    await client.query("commit");
    return written;
  } catch (error) {
    throw tellDatabaseError(error, url);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function rowsOf({ schema, name }: { schema: string; name: string }): string {
  const table = escapeLiteral(`${schema}.${name}`);
  return `select ${table} as "table", to_jsonb(t) as row from ${escapeIdentifier(schema)}.${escapeIdentifier(name)} t`;
}

async function dumpRows(client: Client, query: string, out: Writable): Promise<number> {
  await client.query(`declare dumped no scroll cursor for ${query}`);
  let written = 0;
  for (;;) {
    const { rows } = await client.query<DumpedRow>(`fetch ${ROWS_AT_ONCE} from dumped`);
    if (rows.length === 0) break;
    // Whoever reads is slower than Postgres: what was written waits in memory otherwise.
    if (!out.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(""))) await once(out, "drain");
    written += rows.length;
  }
  await client.query("close dumped");
  return written;
}
