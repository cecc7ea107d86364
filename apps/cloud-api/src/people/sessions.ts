import { makeId, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import type { Principal } from "../api-keys/api-keys.ts";
import { permissionsOf } from "../rights/permissions-of.ts";
import type { CloudSecrets } from "../secrets.ts";
import { hashToken, makeToken } from "./one-time-token.ts";

/** How a session began: with the password of an account of the whole cloud, or by the provider of one tenant, which vouches there and nowhere else. */
export type SignInMethod = "password" | "sso";

/** A session ends when it was not used for so long, */
const IDLE_SECONDS = 12 * 3600;
/** and in any case after so long. */
const ABSOLUTE_SECONDS = 7 * 24 * 3600;

/** A person, as a session tells. */
export interface SignedIn extends Principal {
  readonly sessionId: string;
  readonly userId: string;
  readonly membershipId: string;
  readonly method: SignInMethod;
}

/** What stands in the cookie, once. */
export interface NewSession {
  readonly token: string;
  readonly maxAgeSeconds: number;
}

/** Begins a session of a member. */
export async function beginSession(
  db: Pool | PoolClient,
  secrets: CloudSecrets,
  member: { tenantId: string; membershipId: string; method: SignInMethod },
): Promise<NewSession> {
  const token = makeToken();
  await db.query(
    `insert into user_sessions (id, tenant_id, membership_id, token_hash, method, idle_expires_at, expires_at)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), now() + make_interval(secs => $7))`,
    [
      makeId(),
      member.tenantId,
      member.membershipId,
      hashToken(secrets.peoplePepper, "session", token),
      member.method,
      IDLE_SECONDS,
      ABSOLUTE_SECONDS,
    ],
  );
  return { token, maxAgeSeconds: ABSOLUTE_SECONDS };
}

interface Row {
  readonly id: string;
  readonly tenantId: string;
  readonly membershipId: string;
  readonly userId: string;
  readonly method: SignInMethod;
  readonly role: string | null;
  readonly permissions: string[] | null;
  readonly revoked: boolean;
  readonly ended: boolean;
  readonly stale: boolean;
}

const READ = `
select s.id, s.tenant_id as "tenantId", s.membership_id as "membershipId", m.user_id as "userId", s.method, m.role, r.permissions,
  s.revoked_at is not null as revoked, least(s.idle_expires_at, s.expires_at) <= now() as ended,
  s.last_seen_at < now() - interval '1 minute' as stale
from user_sessions s
join memberships m on m.tenant_id = s.tenant_id and m.id = s.membership_id
left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
where s.token_hash = $1`;

/**
 * Tells whose session a cookie is. What the person may do is read from the membership each time: a role that was changed acts at once.
 * @throws Refusal UNAUTHENTICATED (unknown, or ended by somebody), SESSION_EXPIRED
 */
export async function readSession(pool: Pool, secrets: CloudSecrets, token: string): Promise<SignedIn> {
  const { rows } = await pool.query<Row>(READ, [hashToken(secrets.peoplePepper, "session", token)]);
  const [row] = rows;
  if (row === undefined || row.revoked) throw new Refusal("UNAUTHENTICATED", "This session is over; sign in again.");
  if (row.ended)
    throw new Refusal(
      "SESSION_EXPIRED",
      "This session has ended, for it was not used or is a week old; sign in again.",
    );
  if (row.stale)
    await pool.query(
      "update user_sessions set last_seen_at = now(), idle_expires_at = now() + make_interval(secs => $2) where id = $1",
      [row.id, IDLE_SECONDS],
    );
  const { id: sessionId, tenantId, membershipId, userId, method } = row;
  const permissions = permissionsOf(row.role, row.permissions);
  return { tenantId, scope: "user", permissions, sessionId, userId, membershipId, method };
}

/** Ends a session. */
export async function endSession(db: Pool | PoolClient, sessionId: string): Promise<void> {
  await db.query("update user_sessions set revoked_at = coalesce(revoked_at, now()) where id = $1", [sessionId]);
}

/** Ends all sessions of an account, in every tenant. */
export async function endSessionsOf(db: Pool | PoolClient, userId: string): Promise<void> {
  await db.query(
    `update user_sessions s set revoked_at = now() from memberships m
     where m.tenant_id = s.tenant_id and m.id = s.membership_id and m.user_id = $1 and s.revoked_at is null`,
    [userId],
  );
}
