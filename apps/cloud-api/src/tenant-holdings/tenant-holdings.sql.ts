import type { HeldValue } from "./held-values.ts";

/** Tables that hang on flow runs, and what they are in order by within one. */
const OF_RUNS: Readonly<Record<string, string>> = {
  flow_run_states: "version",
  task_runs: "number",
  task_run_states: "attempt desc, t.number",
  logs: "attempt desc, t.number",
  artifacts: "attempt desc, t.number",
};

/** What the others are in order by, where an index has it: ids are in the order in which they were made. Without: in no order. */
const NEWEST: Readonly<Record<string, string>> = {
  flow_runs: "order by t.id desc",
  flow_versions: "order by t.id desc",
  schedules: "order by t.id desc",
};

/** The newest rows of a tenant's table. `is true` keeps the tenant from being an index condition: see claim-flow-runs.sql.ts. */
function newestRows(table: string): string {
  const order = OF_RUNS[table];
  if (order === undefined) return `select t.* from ${table} t where t.tenant_id = $1 ${NEWEST[table] ?? ""} limit $2`;
  return `select t.* from (select id from flow_runs where tenant_id = $1 order by id desc limit $2) r
    cross join lateral (
      select t.* from ${table} t where t.flow_run_id = r.id and (t.tenant_id = $1) is true order by t.${order} desc limit $2
    ) t
    order by r.id desc limit $2`;
}

/**
 * What the newest rows of a table hold in some of its columns: a row for each column. Values are looked at until they take up $3 bytes: `looked`
 * is how many of the `rows` were, `runs` how many flow runs there are of which rows are looked for.
 * $1 tenant, $2 rows at most and one, $3 bytes at most, $4 characters of a sample
 */
export function tenantHoldings(table: string, columns: Readonly<Record<string, HeldValue>>): string {
  const names = Object.keys(columns);
  const size = names.map((name) => `coalesce(pg_column_size(n.${name}), 0)`).join(" + ");
  const runs =
    OF_RUNS[table] === undefined
      ? "0"
      : "(select count(*)::int from (select from flow_runs where tenant_id = $1 limit $2) r)";
  const told = Object.entries(columns).map(
    ([name, { present, sealed, pseudonym, shown = `s.${name}::text` }]) => `select '${name}' as "column",
  count(*) filter (where ${present})::int as "values", count(*) filter (where ${present} and ${sealed})::int as sealed,
  count(*) filter (where ${present} and ${pseudonym})::int as pseudonyms,
  count(*)::int as looked, (select count(*)::int from newest) as rows, ${runs} as runs,
  (select left(${shown}, $4) from seen s where ${present} order by s.place limit 1) as sample
from seen s`,
  );
  return `with newest as materialized (select ${names.join(", ")}, row_number() over () as place from (${newestRows(table)}) t),
seen as materialized (
  select * from (select n.*, sum(${size}) over (order by n.place) as bytes from newest n) n where n.place < $2 and n.bytes <= $3::bigint
)
${told.join("\nunion all\n")}`;
}
