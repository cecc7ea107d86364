import { timingSafeEqual } from "node:crypto";
import { makeId, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import type { CloudSecrets } from "../secrets.ts";
import { hashKey, keyLookup, keyProblem, type KeyScope, makeKey } from "./key-format.ts";
import { type KnownKey, knownKeysOf } from "./known-keys.ts";

/** Who is asking: read from the credential alone, never from a request's body. */
export interface Principal {
  readonly tenantId: string;
  readonly keyId: string;
  readonly scope: KeyScope;
  readonly userId?: string;
}

export interface NewApiKey {
  readonly tenantId: string;
  readonly name: string;
  readonly scope: KeyScope;
  readonly expiresAt?: Date;
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
    `insert into api_keys (id, tenant_id, name, scope, lookup, hash, expires_at) values ($1, $2, $3, $4::key_scope, $5, $6, $7)`,
    [
      id,
      wanted.tenantId,
      wanted.name,
      wanted.scope,
      keyLookup(key),
      hashKey(key, secrets.keyPepper),
      wanted.expiresAt ?? null,
    ],
  );
  return { id, key };
}

/**
 * Tells whose key it is.
 * @throws Refusal UNAUTHENTICATED (unknown or mistyped), KEY_EXPIRED or KEY_REVOKED. The sentence never repeats the key.
 */
export async function authenticateKey(pool: Pool, secrets: CloudSecrets, key: string): Promise<Principal> {
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
  assertUsable(known);
  return principalOf(known);
}

/**
 * Tells whether a key may still be used; session tokens ask at every call, so revoking a key ends its sessions.
 * @throws Refusal UNAUTHENTICATED, KEY_EXPIRED or KEY_REVOKED.
 */
export async function checkKeyById(pool: Pool, keyId: string): Promise<Principal> {
  const known = await knownKeysOf(pool).byId(keyId);
  if (known === null)
    throw new Refusal("UNAUTHENTICATED", "The key of this session no longer exists. Enrol with another.");
  assertUsable(known);
  return principalOf(known);
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
  if (key.expired) {
    throw new Refusal(
      "KEY_EXPIRED",
      `The key "${key.name}" expired at ${key.expiresAt?.toISOString()}. Make another with \`weir keys create\`.`,
    );
  }
}

function principalOf(key: KnownKey): Principal {
  return {
    tenantId: key.tenantId,
    keyId: key.id,
    scope: key.scope,
    ...(key.userId === null ? {} : { userId: key.userId }),
  };
}
