import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { checkedName } from "../graphql/checked-name.ts";
import { type Grant, grantOfList, grantOfRole } from "../rights/grant.ts";
import { REACH_OF_AGENT_KEYS, requireHeld } from "../rights/require-held.ts";
import type { CloudSecrets } from "../secrets.ts";
import { createApiKey, type Principal } from "./api-keys.ts";
import type { KeyScope } from "./key-format.ts";
import { checkedNetworks } from "./networks.ts";
import { requireServiceAccount } from "./service-accounts.ts";

type Maybe<T> = T | null | undefined;

/** What somebody asks for. */
export interface ApiKeyWish {
  readonly name: string;
  readonly scope: KeyScope;
  readonly expiresInDays?: Maybe<number>;
  readonly role?: Maybe<string>;
  readonly permissions?: Maybe<readonly string[]>;
  readonly allowedAddresses?: Maybe<readonly string[]>;
  readonly serviceAccountId?: Maybe<string>;
}

/**
 * Makes the key that somebody asks for, of no more than they hold themselves.
 * @throws Refusal FORBIDDEN for more than that; INVALID naming the field; NOT_FOUND for a role or service account that is not there
 */
export async function grantApiKey(
  pool: Pool,
  secrets: CloudSecrets,
  maker: Principal,
  wish: ApiKeyWish,
): Promise<{ id: string; key: string }> {
  const { tenantId, userId } = maker;
  const name = checkedName("name", wish.name);
  const expiresAt = expiry(wish.expiresInDays ?? null, Date.now());
  const allowedAddresses = checkedNetworks("allowedAddresses", wish.allowedAddresses ?? []);
  const grant = await grantOf(pool, maker, wish);
  requireHeld(maker, grant?.permissions ?? REACH_OF_AGENT_KEYS, `The key ${JSON.stringify(name)}`);
  const serviceAccountId = wish.serviceAccountId ?? undefined;
  if (serviceAccountId !== undefined) await requireServiceAccount(pool, tenantId, serviceAccountId);
  // An agent's key is the place's, not the person's: it stays when that person goes.
  const isOfPerson = userId !== undefined && serviceAccountId === undefined && wish.scope === "user";
  return await createApiKey(pool, secrets, {
    tenantId,
    name,
    scope: wish.scope,
    allowedAddresses,
    ...(expiresAt !== null && { expiresAt }),
    ...(grant !== null && { rights: grant.rights }),
    ...(serviceAccountId !== undefined && { serviceAccountId }),
    ...(isOfPerson && { userId }),
  });
}

/** Null: an agent's key, which holds no permissions. */
async function grantOf(pool: Pool, maker: Principal, wish: ApiKeyWish): Promise<Grant | null> {
  const { scope, role = null, permissions = null } = wish;
  if (role !== null && permissions !== null)
    throw new Refusal("INVALID", "role and permissions are both given; a key has one of them.");
  if (scope === "agent") {
    if (role === null && permissions === null) return null;
    throw new Refusal(
      "INVALID",
      "A key of scope agent takes neither role nor permissions: it opens the run door alone.",
    );
  }
  if (role !== null) return await grantOfRole(pool, maker.tenantId, role);
  return grantOfList(permissions ?? [...maker.permissions]);
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 3_650;

function expiry(days: number | null, now: number): Date | null {
  if (days === null) return null;
  if (days >= 1 && days <= MOST_DAYS) return new Date(now + days * DAY_MS);
  throw new Refusal(
    "INVALID",
    `expiresInDays is ${days}; it takes 1 to ${MOST_DAYS}, or nothing for a key that never expires.`,
  );
}
