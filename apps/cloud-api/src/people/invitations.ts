import { makeId, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../database/in-transaction.ts";
import type { CloudSecrets } from "../secrets.ts";
import { accountOf, createAccount, prove } from "./accounts.ts";
import { checkedPassword, hashPassword } from "./password-hash.ts";
import type { MemberRole } from "./member-role.ts";
import { hashToken, makeToken } from "./one-time-token.ts";

const DAYS = 7;

/** Whom to invite. The caller has checked that whoever invites may. */
export interface NewInvitation extends MemberRole {
  readonly tenantId: string;
  /** As `checkedEmail` answers it. */
  readonly email: string;
  /** Null: the operator, or a key of nobody in particular. */
  readonly invitedBy: string | null;
}

/** An invitation, and what stands in its link, once. */
export interface MadeInvitation {
  readonly id: string;
  readonly token: string;
}

/**
 * Invites somebody for a week. The cloud sends no mail: whoever invites hands the link on.
 * @throws Refusal CONFLICT when the address is a member's
 */
export async function invite(
  db: Pool | PoolClient,
  secrets: CloudSecrets,
  wanted: NewInvitation,
): Promise<MadeInvitation> {
  const { rowCount } = await db.query(
    "select from memberships m join users u on u.id = m.user_id where m.tenant_id = $1 and u.email = $2",
    [wanted.tenantId, wanted.email],
  );
  if (rowCount !== 0)
    throw new Refusal("CONFLICT", `${wanted.email} is a member already; change the member's role instead.`);
  const id = makeId();
  const token = makeToken();
  await db.query(
    `insert into invitations (id, tenant_id, email, role, role_id, token_hash, invited_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8))`,
    [
      id,
      wanted.tenantId,
      wanted.email,
      wanted.role,
      wanted.roleId,
      hashToken(secrets.peoplePepper, "invitation", token),
      wanted.invitedBy,
      DAYS,
    ],
  );
  return { id, token };
}

/** The path of an invitation's link. What follows the # is sent to no server and stands in no log. */
export const invitationPath = (token: string) => `/auth/invitation#${token}`;

/** What the link tells whoever holds it. */
export interface ShownInvitation {
  readonly tenant: string;
  readonly email: string;
  /** Whether the address has an account, whose password is asked then, instead of a new one. */
  readonly hasAccount: boolean;
}

/**
 * Reads an invitation by its token.
 * @throws Refusal NOT_FOUND when it is unknown, accepted, revoked or too old: the sentence is the same
 */
export async function showInvitation(pool: Pool, secrets: CloudSecrets, token: string): Promise<ShownInvitation> {
  const found = await find(pool, secrets, token);
  const { rows } = await pool.query<{ name: string }>("select name from tenants where id = $1", [found.tenantId]);
  const account = await accountOf(pool, found.email);
  return { tenant: rows[0]?.name ?? "", email: found.email, hasAccount: account !== null };
}

/** How a person accepts: with the password of their account, or with the one that their new account shall have. */
export interface Acceptance {
  readonly token: string;
  readonly password: string;
  readonly code?: string | undefined;
  readonly name?: string | undefined;
  /** Network address. */
  readonly address: string;
}

/**
 * Makes a member of whoever holds the link and, where the address has an account, its password too: the link alone shall open nobody's account.
 * @throws Refusal NOT_FOUND, UNAUTHENTICATED, SECOND_FACTOR_REQUIRED, RATE_LIMITED, INVALID (the new password), CONFLICT
 */
export async function acceptInvitation(
  pool: Pool,
  secrets: CloudSecrets,
  acceptance: Acceptance,
): Promise<{ tenantId: string; membershipId: string; userId: string }> {
  const { token, password, code, name, address } = acceptance;
  const found = await find(pool, secrets, token);
  const { tenantId, email } = found;
  const known = await accountOf(pool, email);
  const proved = known === null ? null : await prove(pool, secrets, { email, password, code, address });
  const passwordHash = await hashIfNew(secrets, proved, password);
  return await inTransaction(pool, async (client) => {
    // Of two at once, the condition lets one through.
    const { rowCount } = await client.query(
      "update invitations set accepted_at = now() where id = $1 and accepted_at is null and revoked_at is null",
      [found.id],
    );
    if (rowCount !== 1) throw unusable();
    const userId = proved ?? (await createAccount(client, { email, name: name ?? null, passwordHash }));
    return { tenantId, userId, membershipId: await addMember(client, { ...found, userId }) };
  });
}

async function hashIfNew({ passwordPepper }: CloudSecrets, proved: string | null, password: string): Promise<string> {
  return proved === null ? await hashPassword(checkedPassword(password), passwordPepper) : "";
}

/**
 * Makes a member of a person.
 * @throws Refusal CONFLICT when they are one
 */
export async function addMember(
  db: PoolClient,
  wanted: MemberRole & { tenantId: string; userId: string },
): Promise<string> {
  const id = makeId();
  const { rowCount } = await db.query(
    `insert into memberships (id, tenant_id, user_id, role, role_id) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, user_id) do nothing`,
    [id, wanted.tenantId, wanted.userId, wanted.role, wanted.roleId],
  );
  if (rowCount === 1) return id;
  throw new Refusal("CONFLICT", "This account is a member of the tenant already; sign in.");
}

/** Takes an invitation back. Answers false when the tenant has no such invitation that is open. */
export async function revokeInvitation(pool: Pool, wanted: { tenantId: string; id: string }): Promise<boolean> {
  const { rowCount } = await pool.query(
    "update invitations set revoked_at = coalesce(revoked_at, now()) where tenant_id = $1 and id = $2 and accepted_at is null",
    [wanted.tenantId, wanted.id],
  );
  return rowCount === 1;
}

interface Found extends MemberRole {
  readonly id: string;
  readonly tenantId: string;
  readonly email: string;
}

async function find(pool: Pool, { peoplePepper }: CloudSecrets, token: string): Promise<Found> {
  const { rows } = await pool.query<Found>(
    `select id, tenant_id as "tenantId", email, role, role_id as "roleId" from invitations
     where token_hash = $1 and accepted_at is null and revoked_at is null and expires_at > now()`,
    [hashToken(peoplePepper, "invitation", token)],
  );
  const [found] = rows;
  if (found === undefined) throw unusable();
  return found;
}

const unusable = () =>
  new Refusal("NOT_FOUND", "This invitation was used, taken back, or is older than a week. Ask for another.");
