/** Rows that are kept of one cache key: as many as one answer may hold. */
export const ROWS_PER_KEY = 100;

/**
 * The part of a report's statement that keeps what its task runs cached: one row for each key and place. The same place again (a location
 * template without anything of the run in it) is a new value there, so the row tells what the newest one was made of. Two runs that cache
 * under one key at the same moment have a row each, unless they also write to one place; then the row is of whoever reported last.
 *
 * Keys that grow are trimmed here and not by a loop, which would have to read all of them to find the few: beyond the newest rows, but
 * only what nobody else changes at this moment, so that two reports never wait for each other in a circle.
 */
export function keepCachedResults(rows: string): string {
  return `
  insert into cached_results as c (tenant_id, key_hash, location_hash, at, expires_at, flow_run_id, number, location, digests)
  select $2, decode(u.key_hash, 'hex'), decode(u.location_hash, 'hex'), to_timestamp(u.at / 1000), to_timestamp(u.expires_at / 1000), $1,
    u.number, u.location, u.digests::jsonb
  from run, ${rows}
  order by u.key_hash, u.location_hash
  on conflict (tenant_id, key_hash, location_hash) do update set
    at = excluded.at, expires_at = excluded.expires_at, flow_run_id = excluded.flow_run_id, number = excluded.number,
    digests = excluded.digests
  returning c.key_hash
),
trimmed as (
  delete from cached_results where ctid = any (array(
    select old.ctid from (select distinct key_hash from cachedResults) k cross join lateral (
      select c.ctid, c.tenant_id, c.key_hash, c.location_hash from cached_results c where c.tenant_id = $2 and c.key_hash = k.key_hash
      order by c.at desc offset ${ROWS_PER_KEY - 1}
    ) old
    join cached_results c on c.tenant_id = old.tenant_id and c.key_hash = old.key_hash and c.location_hash = old.location_hash
    for update of c skip locked))`;
}

/** The newest results of a key that have not expired. $1 tenant, $2 hash of the key in hex */
export const FIND_CACHED_RESULTS = `select flow_run_id as "runId", location, (extract(epoch from at) * 1000)::float8 as at,
  (extract(epoch from expires_at) * 1000)::float8 as "expiresAt", digests
from cached_results
where tenant_id = $1::uuid and key_hash = decode($2, 'hex') and (expires_at is null or expires_at > now())
order by at desc, location_hash limit ${ROWS_PER_KEY}`;

/** Removes a page of what has expired; another replica's page is left to it. $1 rows */
export const DROP_EXPIRED = `delete from cached_results where ctid = any (array(
  select ctid from cached_results where expires_at < now() limit $1 for update skip locked))`;
