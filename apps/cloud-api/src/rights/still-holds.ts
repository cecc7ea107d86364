import { beyond, type Permission, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { checkKeyById, type Principal } from "../api-keys/api-keys.ts";
import { permissionsOf } from "./permissions-of.ts";

// A session that was ended, or a person who is no member any more, has no row.
const SESSION = `
select m.role, r.permissions
from user_sessions s
join memberships m on m.tenant_id = s.tenant_id and m.id = s.membership_id
left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
where s.tenant_id = $1 and s.id = $2 and s.revoked_at is null and least(s.idle_expires_at, s.expires_at) > now()`;

/**
 * Tells whether a credential is still good for all that it was good for, as a stream asks while it goes on.
 * @param address where its request came from
 * @throws Refusal UNAUTHENTICATED, KEY_EXPIRED or KEY_REVOKED; FORBIDDEN when its rights became less
 */
export async function requireStillHolds(pool: Pool, principal: Principal, address: string | null): Promise<void> {
  const lost = beyond(principal.permissions, await heldNow(pool, principal, address));
  if (lost.length > 0)
    throw new Refusal("FORBIDDEN", `The rights of this credential became less (${lost.join(", ")}). Subscribe again.`);
}

async function heldNow(pool: Pool, principal: Principal, address: string | null): Promise<ReadonlySet<Permission>> {
  const { keyId, sessionId, tenantId } = principal;
  if (keyId !== undefined) return (await checkKeyById(pool, keyId, address ?? undefined)).permissions;
  const values = [tenantId, sessionId ?? null];
  const { rows } = await pool.query<{ role: string | null; permissions: string[] | null }>({
    name: "session-rights",
    text: SESSION,
    values,
  });
  const [session] = rows;
  if (session === undefined) throw new Refusal("UNAUTHENTICATED", "This session is over; sign in again.");
  return permissionsOf(session.role, session.permissions);
}
