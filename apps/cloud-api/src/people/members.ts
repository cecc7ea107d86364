import { beyond, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import type { Principal } from "../api-keys/api-keys.ts";
import { knownKeysOf } from "../api-keys/known-keys.ts";
import { inTransaction } from "../database/in-transaction.ts";
import { permissionsOf } from "../rights/permissions-of.ts";
import { requireHeld } from "../rights/require-held.ts";
import { type MemberRole, memberRoleOf } from "./member-role.ts";

interface Member extends MemberRole {
  readonly userId: string;
  readonly permissions: string[] | null;
}

const FIND = `
select m.user_id as "userId", m.role, m.role_id as "roleId", r.permissions
from memberships m left join roles r on r.tenant_id = m.tenant_id and r.id = m.role_id
where m.tenant_id = $1 and m.id = $2`;

/**
 * Gives a member another role. Where that takes something away, the member's keys end: what they hold was given to somebody who held it.
 * @param wanted.role name of the role
 * @throws Refusal NOT_FOUND (member, role), FORBIDDEN for more than whoever asks holds, CONFLICT for the last owner
 */
export async function changeMemberRole(
  pool: Pool,
  principal: Principal,
  wanted: { id: string; role: string },
): Promise<void> {
  const { tenantId } = principal;
  const role = await memberRoleOf(pool, tenantId, wanted.role);
  requireHeld(principal, role.permissions, "The member");
  await deciding(pool, tenantId, async (client) => {
    const member = await find(client, principal, wanted.id);
    await client.query("update memberships set role = $3, role_id = $4 where tenant_id = $1 and id = $2", [
      tenantId,
      wanted.id,
      role.role,
      role.roleId,
    ]);
    const before = permissionsOf(member.role, member.permissions);
    if (!before.isSubsetOf(role.permissions)) await endKeysOf(client, tenantId, member.userId);
  });
  knownKeysOf(pool).forget();
}

/**
 * Removes a member, with the sessions and the keys of that person in this tenant. The account stays: it may be in other tenants.
 * @throws Refusal NOT_FOUND, FORBIDDEN for a member who holds more than whoever asks, CONFLICT for the last owner
 */
export async function removeMember(pool: Pool, principal: Principal, id: string): Promise<void> {
  const { tenantId } = principal;
  await deciding(pool, tenantId, async (client) => {
    const { userId } = await find(client, principal, id);
    await client.query("delete from memberships where tenant_id = $1 and id = $2", [tenantId, id]);
    await endKeysOf(client, tenantId, userId);
  });
  knownKeysOf(pool).forget();
}

/** In one transaction, at the end of which the tenant must have an owner. Decisions about owners wait for each other. */
async function deciding(pool: Pool, tenantId: string, work: (client: PoolClient) => Promise<void>): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query("select id from memberships where tenant_id = $1 and role = 'owner' order by id for update", [
      tenantId,
    ]);
    const before = await owners(client, tenantId);
    await work(client);
    if (before > 0 && (await owners(client, tenantId)) === 0)
      throw new Refusal("CONFLICT", "This is the tenant's last owner; make somebody else an owner first.");
  });
}

async function owners(client: PoolClient, tenantId: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    "select count(*)::int4 as n from memberships where tenant_id = $1 and role = 'owner'",
    [tenantId],
  );
  return rows[0]?.n ?? 0;
}

/** The member, about whom nobody decides who holds less. */
async function find(client: PoolClient, { tenantId, permissions }: Principal, id: string): Promise<Member> {
  const { rows } = await client.query<Member>(FIND, [tenantId, id]);
  const [member] = rows;
  if (member === undefined) throw new Refusal("NOT_FOUND", `There is no member ${id}.`);
  const missing = beyond(permissionsOf(member.role, member.permissions), permissions);
  if (missing.length === 0) return member;
  throw new Refusal(
    "FORBIDDEN",
    `This member holds ${missing.join(", ")}, which this credential does not; only somebody who holds as much decides about them.`,
  );
}

async function endKeysOf(client: PoolClient, tenantId: string, userId: string): Promise<void> {
  await client.query(
    "update api_keys set revoked_at = coalesce(revoked_at, now()) where tenant_id = $1 and user_id = $2 and service_account_id is null",
    [tenantId, userId],
  );
}
