/** A column by which the rows of a table are in order. */
export interface KeyColumn {
  /** As quote_ident wrote it: safe to stand in a statement. */
  readonly column: string;
  /** Of Postgres. */
  readonly type: string;
}

/** A table whose rows are a tenant's. */
export interface TenantTable {
  readonly table: string;
  /** Its primary key. */
  readonly key: readonly KeyColumn[];
  /** Whether its rows hang on flow runs. */
  readonly hasRun: boolean;
}

/** Found in the catalog and not in a list: a table that is added tomorrow is exported tomorrow. Partitions stand in another schema. */
export const TENANT_TABLES = `select t.relname as "table",
  json_agg(json_build_object('column', quote_ident(a.attname), 'type', format_type(a.atttypid, null)) order by k.place) as key,
  exists (select from pg_attribute r where r.attrelid = t.oid and r.attname = 'flow_run_id') as "hasRun"
from pg_constraint p
join pg_class t on t.oid = p.conrelid
cross join unnest(p.conkey) with ordinality k(number, place)
join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
where p.contype = 'p' and p.connamespace = 'public'::regnamespace
  and exists (select from pg_attribute o where o.attrelid = t.oid and o.attname = 'tenant_id' and not o.attisdropped)
group by t.oid, t.relname order by t.relname`;

/** $1 tenant */
export const TENANT = `select to_jsonb(t)::text as row from tenants t where t.id = $1`;

/** Accounts of the tenant's members. $1 tenant */
export const MEMBERS = `select to_jsonb(u)::text as row from users u
  where u.id in (select m.user_id from memberships m where m.tenant_id = $1) order by u.id`;

/**
 * A page of rows in the order of some columns, each as JSON beside its place. $1 tenant, $2 columns to leave out, $3 rows at most; of tables that
 * hang on runs $4 flow runs; then, unless it is the first page, the place of the last row of the page before.
 */
export function rowsPage(table: string, key: readonly KeyColumn[], o: { ofRuns: boolean; isFirst: boolean }): string {
  const columns = key.map(({ column }) => `t.${column}`);
  const first = o.ofRuns ? 5 : 4;
  const place = key.map(({ type }, i) => `$${first + i}::${type}`);
  // `is true` keeps the tenant from being an index condition: see claim-flow-runs.sql.ts on young tenants.
  const whose = o.ofRuns ? "(t.tenant_id = $1) is true and t.flow_run_id = any ($4::uuid[])" : "t.tenant_id = $1";
  const after = o.isFirst || key.length === 0 ? "" : `and (${columns.join(", ")}) > (${place.join(", ")})`;
  const order = key.length === 0 ? "" : `order by ${columns.join(", ")}`;
  return `select (to_jsonb(t) - $2::text[])::text as row, array[${columns.map((column) => `${column}::text`).join(", ")}]::text[] as place
from ${table} t where ${whose} ${after} ${order} limit $3`;
}
