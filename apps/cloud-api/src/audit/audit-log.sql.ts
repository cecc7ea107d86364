/**
 * Adds entries to the chain of a tenant. The row of its head is locked for this one statement: whoever comes at the same moment, on whatever
 * replica, goes on from the entries that were added here. Answers the numbers of the entries in their order; nothing when the tenant has no
 * head yet. $1 tenant, $2 entries as JSON, numbered from 1 by `i`, with the SHA-256 of their content
 */
export const ADD_ENTRIES = `with recursive head as (
  select sequence, hash from audit_heads where tenant_id = $1::uuid for update
),
given as (
  select * from jsonb_to_recordset($2::jsonb) as r(i int4, content text, at timestamptz, "actorKind" text, "actorId" uuid, "actorName" text,
    "keyId" uuid, "sessionId" uuid, address text, action text, "targetKind" text, "targetId" text, asked int8, outcome text, code text,
    request text, before text, after text)
),
chain as (
  select 0 as i, sequence, null::bytea as previous, hash from head
  union all
  select g.i, c.sequence + 1, c.hash, sha256(c.hash || int8send(c.sequence + 1) || decode(g.content, 'hex'))
  from chain c join given g on g.i = c.i + 1
),
added as (
  insert into audit_entries (tenant_id, sequence, at, actor_kind, actor_id, actor_name, key_id, session_id, address, action, target_kind,
    target_id, asked, outcome, code, request, before, after, previous_hash, hash)
  select $1::uuid, c.sequence, g.at, g."actorKind", g."actorId", decode(g."actorName", 'hex'), g."keyId", g."sessionId", g.address, g.action,
    g."targetKind", g."targetId", g.asked, g.outcome, g.code, decode(g.request, 'hex'), decode(g.before, 'hex'), decode(g.after, 'hex'),
    c.previous, c.hash
  from chain c join given g on g.i = c.i
),
moved as (
  update audit_heads set sequence = last.sequence, hash = last.hash from (select sequence, hash from chain order by i desc limit 1) last
  where tenant_id = $1::uuid
)
select sequence::float8 as sequence from chain where i > 0 order by i`;

/** The head of a tenant that has none. $1 tenant, $2 hash before the first entry, in hex */
export const BEGIN_CHAIN = `insert into audit_heads (tenant_id, sequence, hash) values ($1::uuid, 0, decode($2, 'hex')) on conflict do nothing`;

/** $1 tenant */
export const READ_HEAD = `select sequence::float8 as sequence, encode(hash, 'hex') as hash from audit_heads where tenant_id = $1::uuid`;

const hex = (column: string, name: string) => `encode(${column}, 'hex') as "${name}"`;

/**
 * Entries between two numbers, both left out. $1 tenant, $2 and $3 the numbers, $4 actor, $5 action, $6 and $7 moments from and before,
 * $8 outcomes, $9 rows; null: any
 */
export function readEntries(direction: "asc" | "desc"): string {
  return `select sequence::float8 as sequence, at, actor_kind as "actorKind", actor_id as "actorId", ${hex("actor_name", "actorName")},
  key_id as "keyId", session_id as "sessionId", address, action, target_kind as "targetKind", target_id as "targetId",
  asked::float8 as asked, outcome, code, ${hex("request", "request")}, ${hex("before", "before")}, ${hex("after", "after")},
  ${hex("previous_hash", "previousHash")}, ${hex("hash", "hash")}
from audit_entries
where tenant_id = $1::uuid and sequence > $2 and sequence < $3 and ($4::uuid is null or actor_id = $4) and ($5::text is null or action = $5)
  and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7) and ($8::text[] is null or outcome = any ($8))
order by sequence ${direction} limit $9`;
}
