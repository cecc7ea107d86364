/** How long an answer is kept. */
export const KEPT_HOURS = 24;
/** A request that was not answered for so long lost its replica: whoever asks again takes its place. */
const LOST_SECONDS = 60;

/**
 * Takes a key for a request. The race: two of one key at the same moment; the primary key lets one in, and the other finds its row. Answers
 * nothing to it. $1 tenant, $2 actor, $3 digest of the key, $4 digest of the request
 */
export const TAKE_KEY = `insert into idempotency_keys as k (tenant_id, actor_id, key_hash, request)
values ($1::uuid, $2::uuid, $3::bytea, $4::bytea)
on conflict (tenant_id, actor_id, key_hash) do update set
  request = excluded.request, asked_at = now(), answered_at = null, status = null, reply = null
where k.asked_at < now() - interval '${KEPT_HOURS} hours'
  or (k.answered_at is null and k.request = excluded.request and k.asked_at < now() - interval '${LOST_SECONDS} seconds')
returning asked_at::text as "askedAt"`;

/** $1 tenant, $2 actor, $3 digest of the key, $4 digest of the request */
export const READ_KEY = `select request = $4::bytea as "isSame", status, reply from idempotency_keys
where tenant_id = $1::uuid and actor_id = $2::uuid and key_hash = $3::bytea`;

/** $1 tenant, $2 actor, $3 digest of the key, $4 status, $5 answer */
export const KEEP_REPLY = `update idempotency_keys set answered_at = now(), status = $4, reply = $5
where tenant_id = $1::uuid and actor_id = $2::uuid and key_hash = $3::bytea and answered_at is null`;

/** $1 tenant, $2 actor, $3 digest of the key, $4 when it was taken */
export const GIVE_KEY_BACK = `delete from idempotency_keys
where tenant_id = $1::uuid and actor_id = $2::uuid and key_hash = $3::bytea and answered_at is null and asked_at = $4::timestamptz`;

/** Removes a page of what nobody is answered with any more; another replica's page is left to it. $1 rows */
export const DROP_OLD_KEYS = `delete from idempotency_keys where ctid = any (array(
  select ctid from idempotency_keys where asked_at < now() - interval '${KEPT_HOURS} hours' limit $1 for update skip locked))`;
