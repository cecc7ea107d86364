import { type Permission, isId, makeId, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { permissionsOf } from "../rights/permissions-of.ts";
import { REACH_OF_AGENT_KEYS, requireHeld } from "../rights/require-held.ts";
import type { CloudSecrets } from "../secrets.ts";
import type { Principal } from "./api-keys.ts";
import { hashKey, keyLookup, type KeyScope, makeKey } from "./key-format.ts";
import { knownKeysOf } from "./known-keys.ts";

const MOST_OVERLAP_MINUTES = 30 * 24 * 60;

// One statement: of two rotations at once, one finds the key replaced. The new one lives as long as the old one was made to.
const ROTATE = `
with old as (
  update api_keys set replaced_by = $3, expires_at = least(expires_at, now() + make_interval(mins => $4))
  where tenant_id = $1 and id = $2 and replaced_by is null and revoked_at is null and (expires_at is null or expires_at > now())
  returning *
), before as (
  select expires_at - created_at as lifetime from api_keys where tenant_id = $1 and id = $2
)
insert into api_keys (id, tenant_id, user_id, service_account_id, name, scope, lookup, hash, role, role_id, permissions, allowed_addresses, expires_at)
select $3, old.tenant_id, old.user_id, old.service_account_id, old.name, old.scope, $5, $6, old.role, old.role_id, old.permissions,
  old.allowed_addresses, now() + before.lifetime
from old, before`;

export interface Rotation {
  readonly id: string;
  /** How long the old key stays good. 0: it ends now. */
  readonly overlapMinutes: number;
}

interface Held {
  readonly name: string;
  readonly scope: KeyScope;
  readonly role: string | null;
  readonly permissions: string[] | null;
}

/**
 * Makes a key that takes the place of another: same name, rights, owner, networks and length of life. The old one stays good for the overlap.
 * @throws Refusal NOT_FOUND; INVALID for an overlap out of range; FORBIDDEN for a key that holds more than whoever asks; CONFLICT for one that
 * is over, or was rotated already
 */
export async function rotateApiKey(
  pool: Pool,
  secrets: CloudSecrets,
  rotator: Principal,
  { id, overlapMinutes }: Rotation,
): Promise<{ id: string; key: string }> {
  if (!Number.isInteger(overlapMinutes) || overlapMinutes < 0 || overlapMinutes > MOST_OVERLAP_MINUTES)
    throw new Refusal("INVALID", `overlapMinutes is ${overlapMinutes}; it takes 0 to ${MOST_OVERLAP_MINUTES}.`);
  const { tenantId } = rotator;
  const { name, scope, ...rights } = await requireKey(pool, tenantId, id);
  // Whoever rotates a key is shown one that does the same.
  requireHeld(rotator, reachOf(scope, rights), `The key ${JSON.stringify(name)}`);
  const made = { id: makeId(), key: makeKey(scope) };
  const hash = hashKey(made.key, secrets.keyPepper);
  const { rowCount } = await pool.query(ROTATE, [tenantId, id, made.id, overlapMinutes, keyLookup(made.key), hash]);
  if (rowCount !== 1)
    throw new Refusal(
      "CONFLICT",
      `The key ${JSON.stringify(name)} has ended or was replaced already; \`weir keys list\` shows by which.`,
    );
  knownKeysOf(pool).forget();
  return made;
}

/** What a key of a scope lets its holder do. */
export function reachOf(
  scope: KeyScope,
  { role, permissions }: Pick<Held, "role" | "permissions">,
): Iterable<Permission> {
  return scope === "agent" ? REACH_OF_AGENT_KEYS : permissionsOf(role, permissions);
}

async function requireKey(pool: Pool, tenantId: string, id: string): Promise<Held> {
  const { rows } = await pool.query<Held>(
    `select k.name, k.scope, k.role, coalesce(k.permissions, r.permissions) as permissions
     from api_keys k left join roles r on r.tenant_id = k.tenant_id and r.id = k.role_id
     where k.tenant_id = $1 and k.id = $2`,
    [tenantId, isId(id) ? id : null],
  );
  const [key] = rows;
  if (key !== undefined) return key;
  throw new Refusal("NOT_FOUND", `There is no API key ${JSON.stringify(id)}; \`weir keys list\` shows those that are.`);
}
