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
const write = (condition: string) => `
  insert into kv_entries as kv (tenant_id, key, value, updated_by)
  select $1, $2, $3::jsonb, $4
  where ${condition} and (coalesce($5::int4, 0) = 0 or exists (select from kv_entries where tenant_id = $1 and key = $2))
    and (exists (select from kv_entries where tenant_id = $1 and key = $2)
      or (select count(*) from kv_entries where tenant_id = $1) < ${MOST_ENTRIES})
  on conflict (tenant_id, key) do update set value = excluded.value, version = kv.version + 1, updated_at = clock_timestamp(),
    updated_by = excluded.updated_by
  where $5::int4 is null or kv.version = $5
  returning ${COLUMNS}`;

export const WRITE_ENTRY = write("true");

const erase = (condition: string) => `
  delete from kv_entries where tenant_id = $1 and key = $2 and ($3::int4 is null or version = $3) and ${condition}`;

/** $1 tenant, $2 key, $3 the version that it must have, or null */
export const DELETE_ENTRY = erase("true");

// What a run writes. Two races are decided inside the statement. The lease: the run's row is locked until the write is there, so that an
// attempt that has lost it writes nothing after its successor has begun. And the question that is asked again because its answer was lost:
// the write and the note of its answer are there both or neither, so the second finds the note's key taken (23505) and changes nothing, or
// the entry at another version.
//
// From `at` on: flow run, attempt, states in which it is held, digest of the question
const once = (at: number, change: (condition: string) => string) => `
  with live as (select from flow_runs where tenant_id = $1 and id = $${at}::uuid and attempt = $${at + 1} and state = any ($${at + 2}) for share),
  changed as (${change("exists (select from live)")}),
  noted as (insert into idempotency_keys (tenant_id, actor_id, key_hash, request, answered_at, status, reply)
    select $1, $${at}::uuid, $${at + 3}::bytea, $${at + 3}::bytea, now(), 200, convert_to(version::text, 'UTF8') from changed)
  select version as answer from changed`;

/** $1 to $5 as of WRITE_ENTRY, then flow run, attempt, states in which it is held, digest of the question. Answers the version. */
export const WRITE_ENTRY_ONCE = once(6, write);

/** $1 to $3 as of DELETE_ENTRY, then flow run, attempt, states in which it is held, digest of the question. */
export const DELETE_ENTRY_ONCE = once(4, (condition) => `${erase(condition)} returning version`);

/** What a question was answered. $1 tenant, $2 flow run, $3 digest of the question */
export const READ_ANSWER = `select convert_from(reply, 'UTF8')::int4 as answer from idempotency_keys
  where tenant_id = $1 and actor_id = $2::uuid and key_hash = $3::bytea`;
