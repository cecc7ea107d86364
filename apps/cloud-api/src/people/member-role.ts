import { beyond, type Permission, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { isRoleName, permissionsOf } from "../rights/permissions-of.ts";

/** What a member is: a role that every tenant has, or one of the tenant's own. */
export interface MemberRole {
  readonly role: string | null;
  readonly roleId: string | null;
}

/**
 * Finds a role of people by its name.
 * @throws Refusal NOT_FOUND naming the roles that there are
 */
export async function roleOf(
  db: Pool | PoolClient,
  tenantId: string,
  name: string,
): Promise<MemberRole & { permissions: ReadonlySet<Permission> }> {
  // `agent` is of agents' keys.
  if (isRoleName(name) && name !== "agent") return { role: name, roleId: null, permissions: permissionsOf(name) };
  const { rows } = await db.query<{ id: string; permissions: string[] }>(
    "select id, permissions from roles where tenant_id = $1 and name = $2",
    [tenantId, name],
  );
  const [own] = rows;
  if (own !== undefined) return { role: null, roleId: own.id, permissions: permissionsOf(null, own.permissions) };
  throw new Refusal(
    "NOT_FOUND",
    `There is no role ${JSON.stringify(name)} for people; take owner, admin, developer, operator, viewer, or a role of your own.`,
  );
}

/**
 * Nobody grants more than they hold, nor decides about somebody who holds more.
 * @param what for the sentence. @example "give the role owner"
 * @throws Refusal FORBIDDEN naming what is missing
 */
export function requireHeld(held: ReadonlySet<Permission>, wanted: Iterable<Permission>, what: string): void {
  const missing = beyond(wanted, held);
  if (missing.length === 0) return;
  throw new Refusal("FORBIDDEN", `You cannot ${what}: you do not hold ${missing.join(", ")}. Ask somebody who does.`);
}
