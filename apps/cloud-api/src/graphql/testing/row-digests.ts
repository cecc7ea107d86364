import type { Pool } from "pg";

/** The tables whose rows say whose they are. Partitions are not told apart from their table. */
export async function tenantTables(administrator: Pool): Promise<string[]> {
  const { rows } = await administrator.query<{ name: string }>(
    `select c.relname as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** Written a while after the request that it tells of, by whoever counts requests. */
const LATE_COLUMNS = ["last_seen_at", "last_used_at", "last_used_from"];

/** A digest of all rows that a tenant has, by table: what changes one bit of them changes its table's digest. */
export async function rowDigests(administrator: Pool, tenantId: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of await tenantTables(administrator)) {
    const { rows } = await administrator.query<{ digest: string }>(
      `select count(*) || ' rows ' || md5(coalesce(string_agg(row::text, chr(10) order by row::text), '')) as digest
       from (select to_jsonb(t) - $2::text[] as row from ${table} t where tenant_id = $1) rows`,
      [tenantId, LATE_COLUMNS],
    );
    digests[table] = rows[0]?.digest ?? "";
  }
  return digests;
}
