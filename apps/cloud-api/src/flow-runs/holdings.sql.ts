/**
 * Every table that speaks of flow runs, found in the catalog and not in a list that someone would have to remember: a table that is
 * added tomorrow is shown tomorrow. `order` is its primary key, quoted. Partitions stand in another schema.
 */
export const TABLES_OF_FLOW_RUNS = `
  select c.table_name as "table", quote_ident(c.table_name) as quoted,
    (select string_agg(quote_ident(k.column_name), ', ' order by k.ordinal_position)
     from information_schema.table_constraints p
     join information_schema.key_column_usage k on k.constraint_schema = p.constraint_schema and k.constraint_name = p.constraint_name
       and k.table_name = p.table_name
     where p.table_schema = 'public' and p.table_name = c.table_name and p.constraint_type = 'PRIMARY KEY') as "order"
  from information_schema.columns c
  join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
  where c.table_schema = 'public' and c.column_name = 'flow_run_id'
  order by c.table_name`;

/** A table that holds rows of flow runs. */
export interface RunTable {
  readonly table: string;
  /** As quote_ident wrote it: safe to stand in a statement. */
  readonly quoted: string;
  readonly order: string | null;
}

/** The run's own row stands in a table without flow_run_id. */
export const FLOW_RUNS_TABLE: RunTable = { table: "flow_runs", quoted: "flow_runs", order: "id" };

/** How many rows there are, and the first of them whole. $1 tenant, $2 flow run, $3 rows at most. */
export function rowsOfRun({ quoted, order }: RunTable, idColumn: "id" | "flow_run_id"): string {
  const where = `t.tenant_id = $1 and t.${idColumn} = $2`;
  return `
    select (select count(*)::int from ${quoted} t where ${where}) as rows,
      coalesce((select jsonb_agg(r.row) from (
        select to_jsonb(t) as row from ${quoted} t where ${where} ${order === null ? "" : `order by ${order}`} limit $3
      ) r), '[]'::jsonb) as sample`;
}
