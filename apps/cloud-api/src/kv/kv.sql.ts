/** Entries of one tenant: the store is for small things. */
export const MOST_ENTRIES = 10_000;

const COLUMNS = `key, value, version, updated_at as "updatedAt", updated_by as "updatedBy"`;

/** $1 tenant, $2 key */
export const READ_ENTRY = `select ${COLUMNS} from kv_entries where tenant_id = $1 and key = $2`;

/** $1 tenant, $2 and $3 keys (both left out) or null, $4 rows, $5 what keys begin with, or null */
export const ENTRY_PAGE = (direction: "asc" | "desc") => `
  select ${COLUMNS} from kv_entries
  where tenant_id = $1 and ($2::text is null or key > $2) and ($3::text is null or key < $3)
    and ($5::text is null or starts_with(key, $5))
  order by key ${direction} limit $4`;

// The row lock of the upsert decides between two writers, not a look beforehand: each checks the version that it finds under it.
//
// $1 tenant, $2 key, $3 value, $4 who, $5 the version that it must have: 0 none, null any
export const WRITE_ENTRY = `
  insert into kv_entries as kv (tenant_id, key, value, updated_by)
  select $1, $2, $3::jsonb, $4
  where (coalesce($5::int4, 0) = 0 or exists (select from kv_entries where tenant_id = $1 and key = $2))
    and (exists (select from kv_entries where tenant_id = $1 and key = $2)
      or (select count(*) from kv_entries where tenant_id = $1) < ${MOST_ENTRIES})
  on conflict (tenant_id, key) do update set value = excluded.value, version = kv.version + 1, updated_at = clock_timestamp(),
    updated_by = excluded.updated_by
  where $5::int4 is null or kv.version = $5
  returning ${COLUMNS}`;

/** $1 tenant, $2 key, $3 the version that it must have, or null */
export const DELETE_ENTRY = `
  delete from kv_entries where tenant_id = $1 and key = $2 and ($3::int4 is null or version = $3)`;
