import { makeId, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../database/in-transaction.ts";
import type { CloudSecrets } from "../secrets.ts";
import { createAccount, type Proof, prove } from "./accounts.ts";
import { addMember } from "./invitations.ts";
import { checkedPassword, hashPassword } from "./password-hash.ts";
import { beginSession, endSession, endSessionsOf, type NewSession, type SignedIn } from "./sessions.ts";

/**
 * Signs a person in, with the password of their account.
 * @param tenantId where they want to work; absent: where they were last
 * @throws Refusal UNAUTHENTICATED, SECOND_FACTOR_REQUIRED, RATE_LIMITED; FORBIDDEN for an account that is in no tenant, or not in this one
 */
export async function signIn(
  pool: Pool,
  secrets: CloudSecrets,
  { tenantId, ...proof }: Proof & { tenantId?: string | undefined },
): Promise<NewSession> {
  const userId = await prove(pool, secrets, proof);
  return await beginSession(pool, secrets, { ...(await membershipOf(pool, userId, tenantId)), method: "password" });
}

// The tenant of the newest session first, so that people come back to where they were; then the oldest membership.
const MEMBERSHIP = `
select m.tenant_id as "tenantId", m.id as "membershipId" from memberships m
left join lateral (select max(s.created_at) as at from user_sessions s where s.tenant_id = m.tenant_id and s.membership_id = m.id) last on true
where m.user_id = $1 and ($2::uuid is null or m.tenant_id = $2)
order by last.at desc nulls last, m.id limit 1`;

async function membershipOf(db: Pool | PoolClient, userId: string, tenantId: string | undefined) {
  const { rows } = await db.query<{ tenantId: string; membershipId: string }>(MEMBERSHIP, [userId, tenantId ?? null]);
  const [found] = rows;
  if (found !== undefined) return found;
  throw new Refusal(
    "FORBIDDEN",
    tenantId === undefined
      ? "This account is in no tenant; ask somebody to invite you."
      : "This account is not in that tenant; ask somebody there to invite you.",
  );
}

/**
 * Goes on in another tenant, in a new session. The one before ends.
 * @throws Refusal FORBIDDEN for no member of it, or a session by single sign-on: a provider vouches in its own tenant alone
 */
export async function switchTenant(
  pool: Pool,
  secrets: CloudSecrets,
  person: SignedIn,
  tenantId: string,
): Promise<NewSession> {
  requirePassword(person, "go to another tenant");
  const membership = await membershipOf(pool, person.userId, tenantId);
  return await inTransaction(pool, async (client) => {
    await endSession(client, person.sessionId);
    return await beginSession(client, secrets, { ...membership, method: "password" });
  });
}

/**
 * Sets another password. All sessions of the account end, and a new one begins.
 * @throws Refusal INVALID, FORBIDDEN, and what a wrong password is answered with
 */
export async function changePassword(
  pool: Pool,
  secrets: CloudSecrets,
  person: SignedIn,
  { next, ...proof }: Proof & { next: string },
): Promise<NewSession> {
  requirePassword(person, "change a password");
  checkedPassword(next);
  await prove(pool, secrets, proof);
  const hash = await hashPassword(next, secrets.passwordPepper);
  return await inTransaction(pool, async (client) => {
    await client.query(
      "update user_credentials set password_hash = $2, password_changed_at = now() where user_id = $1",
      [person.userId, hash],
    );
    await endSessionsOf(client, person.userId);
    return await beginSession(client, secrets, { ...person, method: "password" });
  });
}

/** Ends this session, begins another of the same person: after what they may do has changed. */
export async function renewSession(pool: Pool, secrets: CloudSecrets, person: SignedIn): Promise<NewSession> {
  return await inTransaction(pool, async (client) => {
    await endSession(client, person.sessionId);
    return await beginSession(client, secrets, person);
  });
}

/**
 * What belongs to the account, and not to one tenant, is of those who came with its password.
 * @throws Refusal FORBIDDEN
 */
export function requirePassword({ method }: SignedIn, what: string): void {
  if (method === "password") return;
  throw new Refusal(
    "FORBIDDEN",
    `Who came by single sign-on cannot ${what}: the provider vouches for this tenant alone.`,
  );
}

/**
 * Makes an account, a tenant with the project `default`, and its owner.
 * @param email as `checkedEmail` answers it
 * @throws Refusal INVALID, CONFLICT when the address or the name is taken
 */
export async function signUp(
  pool: Pool,
  secrets: CloudSecrets,
  wanted: { email: string; password: string; name: string | null; tenant: string },
): Promise<NewSession> {
  const passwordHash = await hashPassword(checkedPassword(wanted.password), secrets.passwordPepper);
  return await inTransaction(pool, async (client) => {
    const userId = await createAccount(client, { ...wanted, passwordHash });
    const tenantId = makeId();
    const { rowCount } = await client.query(
      "insert into tenants (id, name) values ($1, $2) on conflict (name) do nothing",
      [tenantId, wanted.tenant],
    );
    if (rowCount !== 1)
      throw new Refusal("CONFLICT", `There is a tenant ${JSON.stringify(wanted.tenant)} already; choose another name.`);
    await client.query("insert into projects (id, tenant_id, name) values ($1, $2, 'default')", [makeId(), tenantId]);
    const membershipId = await addMember(client, { tenantId, userId, role: "owner", roleId: null });
    return await beginSession(client, secrets, { tenantId, membershipId, method: "password" });
  });
}
