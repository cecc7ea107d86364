import { timingSafeEqual } from "node:crypto";
import { makeId, type Permission, Refusal, type RoleName } from "@weir/protocol";
import type { Pool } from "pg";
import { permissionsOf } from "../rights/permissions-of.ts";
import type { CloudSecrets } from "../secrets.ts";
import { hashKey, keyLookup, keyProblem, type KeyScope, makeKey } from "./key-format.ts";
import { type KnownKey, knownKeysOf } from "./known-keys.ts";
import { isWithin, networkOf } from "./networks.ts";

/** Who is asking: read from the credential alone, never from a request's body. */
export interface Principal {
  readonly tenantId: string;
  readonly scope: KeyScope;
  /** What it may do. Of an agent's key: nothing, for it opens the run door and no more. */
  readonly permissions: ReadonlySet<Permission>;
  /** Absent: it came with a session. */
  readonly keyId?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly serviceAccountId?: string;
}

/** Somebody who came with a key. */
export interface KeyPrincipal extends Principal {
  readonly keyId: string;
  /** From which the key may be used; none: from everywhere. */
  readonly networks: readonly string[];
}

/** What a key may do: what a role holds, also when it is changed later, or a list of its own. */
export type Rights =
  | { readonly role: RoleName }
  | { readonly roleId: string }
  | { readonly permissions: readonly Permission[] };

export interface NewApiKey {
  readonly tenantId: string;
  readonly name: string;
  readonly scope: KeyScope;
  /** Absent: nothing. Of agents' keys it must be. */
  readonly rights?: Rights;
  readonly expiresAt?: Date;
  /** Whose it is: it never does more than that person may, and ends with the membership. */
  readonly userId?: string;
  readonly serviceAccountId?: string;
  /** As `checkedNetworks` gave them; none: it may be used from everywhere. */
  readonly allowedAddresses?: readonly string[];
}

/** Makes a key. The returned text is shown once; only its HMAC is stored. */
export async function createApiKey(
  pool: Pool,
  secrets: CloudSecrets,
  wanted: NewApiKey,
): Promise<{ id: string; key: string }> {
  const id = makeId();
  const key = makeKey(wanted.scope);
  await pool.query(
    `insert into api_keys (id, tenant_id, name, scope, lookup, hash, expires_at, user_id, service_account_id, allowed_addresses, role, role_id, permissions)
     values ($1, $2, $3, $4::key_scope, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      wanted.tenantId,
      wanted.name,
      wanted.scope,
      keyLookup(key),
      hashKey(key, secrets.keyPepper),
      wanted.expiresAt ?? null,
      wanted.userId ?? null,
      wanted.serviceAccountId ?? null,
      wanted.allowedAddresses ?? [],
      ...rightsColumns(wanted.rights),
    ],
  );
  return { id, key };
}

/** Values of the columns role, role_id and permissions. */
function rightsColumns(rights: Rights | undefined): (string | readonly string[] | null)[] {
  if (rights === undefined) return [null, null, null];
  return [
    "role" in rights ? rights.role : null,
    "roleId" in rights ? rights.roleId : null,
    "permissions" in rights ? rights.permissions : null,
  ];
}

/**
 * Tells whose key it is.
 * @param address where the request came from; absent: nowhere that a list of networks could allow
 * @throws Refusal UNAUTHENTICATED (unknown or mistyped), KEY_EXPIRED, KEY_REVOKED, or FORBIDDEN from a network that the key does not allow. The
 * sentence never repeats the key.
 */
export async function authenticateKey(
  pool: Pool,
  secrets: CloudSecrets,
  key: string,
  address?: string,
): Promise<KeyPrincipal> {
  const problem = keyProblem(key);
  if (problem !== null) throw new Refusal("UNAUTHENTICATED", `The key in the authorization header ${problem}.`);
  const hash = hashKey(key, secrets.keyPepper);
  const known = await knownKeysOf(pool).byLookup(keyLookup(key));
  if (known === null || !timingSafeEqual(known.hash, hash)) {
    throw new Refusal(
      "UNAUTHENTICATED",
      "The key in the authorization header is unknown to this cloud. Make one with `weir keys create`, or check the URL.",
    );
  }
  return await used(pool, known, address);
}

/**
 * Tells whether a key may still be used; session tokens ask at every call, so revoking a key ends its sessions.
 * @param address as of `authenticateKey`
 * @throws Refusal UNAUTHENTICATED, KEY_EXPIRED, KEY_REVOKED or FORBIDDEN.
 */
export async function checkKeyById(pool: Pool, keyId: string, address?: string): Promise<KeyPrincipal> {
  const known = await knownKeysOf(pool).byId(keyId);
  if (known === null)
    throw new Refusal("UNAUTHENTICATED", "The key of this session no longer exists. Enrol with another.");
  return await used(pool, known, address);
}

async function used(pool: Pool, key: KnownKey, address: string | undefined): Promise<KeyPrincipal> {
  assertUsable(key);
  assertFrom(key, address);
  await knownKeysOf(pool).noteUse(key.id, address === undefined ? null : networkOf(address));
  return principalOf(key);
}

/** Ends a key at once. Answers false when the tenant has no such key. */
export async function revokeApiKey(pool: Pool, wanted: { tenantId: string; id: string }): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update api_keys set revoked_at = coalesce(revoked_at, now()) where tenant_id = $1 and id = $2`,
    [wanted.tenantId, wanted.id],
  );
  knownKeysOf(pool).forget();
  return rowCount === 1;
}

function assertUsable(key: KnownKey): void {
  if (key.revokedAt !== null) {
    throw new Refusal(
      "KEY_REVOKED",
      `The key "${key.name}" was revoked at ${key.revokedAt.toISOString()}. Make another with \`weir keys create\`.`,
    );
  }
  if (key.userId !== null && key.memberRole === null && key.memberPermissions === null) {
    throw new Refusal(
      "KEY_REVOKED",
      `The key "${key.name}" is of a person who is no member of the tenant any more. Make another with \`weir keys create\`.`,
    );
  }
  if (key.expired) {
    throw new Refusal(
      "KEY_EXPIRED",
      `The key "${key.name}" expired at ${key.expiresAt?.toISOString()}. Make another with \`weir keys create\`.`,
    );
  }
}

function assertFrom(key: KnownKey, address: string | undefined): void {
  if (isWithin(key.allowedAddresses, address)) return;
  throw new Refusal(
    "FORBIDDEN",
    `The key "${key.name}" may not be used from ${address ?? "an unknown address"}: its list of networks does not hold it. \`weir keys list\` shows the list.`,
  );
}

/** Of a person's key: what the key holds, of that what the person holds at this moment. */
function heldBy(key: KnownKey): ReadonlySet<Permission> {
  const held = permissionsOf(key.role, key.permissions);
  return key.userId === null ? held : held.intersection(permissionsOf(key.memberRole, key.memberPermissions));
}

function principalOf(key: KnownKey): KeyPrincipal {
  return {
    tenantId: key.tenantId,
    keyId: key.id,
    networks: key.allowedAddresses,
    scope: key.scope,
    permissions: heldBy(key),
    ...(key.userId === null ? {} : { userId: key.userId }),
    ...(key.serviceAccountId === null ? {} : { serviceAccountId: key.serviceAccountId }),
  };
}
