import { columnComment, HELD_TABLES } from "@weir/protocol";
import { type Client, escapeIdentifier, escapeLiteral, type Pool } from "pg";

interface CatalogRow {
  readonly table: string;
  /** Null: the table itself. */
  readonly column: string | null;
  readonly comment: string | null;
}

/** Prisma's own list of migrations is left out: it is made before there is any migration, and holds nothing but their names and times. */
const CATALOG = `
  select c.relname as "table", a.attname as "column", pg_catalog.col_description(c.oid, a.attnum) as comment
  from pg_catalog.pg_class c
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and (a.attnum > 0 and not a.attisdropped)
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
  union all
  select c.relname, null, pg_catalog.obj_description(c.oid, 'pg_class')
  from pg_catalog.pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
  order by 1, 2 nulls first`;

/**
 * Where the comments of the catalog are not what the protocol says that the tables hold (`HELD_TABLES`), as SQL for a further migration; null
 * when they agree. A table or column that only one of both knows is told in a line of its own.
 */
export async function commentDrift(db: Client | Pool): Promise<string | null> {
  const { rows } = await db.query<CatalogRow>(CATALOG);
  const wrong = rows.filter((row) => row.comment !== wantedComment(row)).map(statement);
  const known = new Set(rows.map(nameOf));
  const missing = Object.entries(HELD_TABLES).flatMap(([table, { columns }]) =>
    Object.keys(columns)
      .map((column) => `${table}.${column}`)
      .filter((name) => !known.has(name)),
  );
  const lines = [...wrong, ...missing.map((name) => `-- HELD_TABLES has ${name}, the database has not.`)];
  return lines.length === 0 ? null : `${lines.join("\n")}\n`;
}

const nameOf = ({ table, column }: CatalogRow): string => (column === null ? table : `${table}.${column}`);

function wantedComment({ table, column }: CatalogRow): string | undefined {
  const held = HELD_TABLES[table];
  if (column === null) return held?.about;
  const known = held?.columns[column];
  return known && columnComment(known);
}

function statement(row: CatalogRow): string {
  const wanted = wantedComment(row);
  if (wanted === undefined)
    return `-- ${nameOf(row)} is not in HELD_TABLES: say there what it holds, and of which class that is.`;
  const table = escapeIdentifier(row.table);
  const on = row.column === null ? `TABLE ${table}` : `COLUMN ${table}.${escapeIdentifier(row.column)}`;
  return `COMMENT ON ${on} IS ${escapeLiteral(wanted)};`;
}
