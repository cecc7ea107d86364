import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pool } from "pg";
import type { Place } from "./search.ts";

const RELATIONS = `select format('%I.%I', n.nspname, c.relname) as name, n.nspname as schema
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname <> 'information_schema' and has_table_privilege(c.oid, 'select')
order by 1`;

/**
 * Every row of every table of every schema, one place per table: Postgres's own too, because its statistics keep samples of what stands
 * in ours. Of ours each row as JSON, where bytes are hexadecimal, and the text of each cell once more as it stands, since JSON escapes it.
 * The catalog's as text, because some of its types have no JSON.
 */
export async function everyTable(pool: Pool): Promise<Place[]> {
  await pool.query("analyze");
  const { rows } = await pool.query<{ name: string; schema: string }>(RELATIONS);
  const places: Place[] = [];
  for (const { name, schema } of rows) {
    const cells = "(select string_agg(value, E'\\n') from jsonb_each_text(to_jsonb(t)))";
    const row = schema === "pg_catalog" ? "t::text" : `to_jsonb(t)::text || E'\\n' || ${cells}`;
    const { rows: found } = await pool.query<{ row: string }>(`select ${row} as row from ${name} t`);
    places.push({ name, content: found.map((one) => one.row).join("\n") });
  }
  return places;
}

/** Every file of the database server as bytes: what was updated or deleted lies there still, and the write-ahead log has seen all of it. */
export async function everyFile(pool: Pool, dataDirectory: string): Promise<Place[]> {
  await pool.query("checkpoint");
  const { rows } = await pool.query<{ oid: string }>("select oid from pg_database where datname = current_database()");
  const folders = [`base/${rows[0]?.oid}`, "global", "pg_wal", "pg_xact", "pg_logical", "pg_stat"].map((folder) =>
    join(dataDirectory, folder),
  );
  return folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ name: file.slice(dataDirectory.length + 1), content: readFileSync(file) })),
  );
}
