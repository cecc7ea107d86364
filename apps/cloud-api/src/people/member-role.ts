import type { Permission } from "@weir/protocol";
import type { Pool } from "pg";
import { grantOfRole } from "../rights/grant.ts";

/** What a member is: a role that every tenant has, or one of the tenant's own. */
export interface MemberRole {
  readonly role: string | null;
  readonly roleId: string | null;
}

/**
 * Finds a role of people by its name.
 * @throws Refusal NOT_FOUND, INVALID for the role of agents
 */
export async function memberRoleOf(
  pool: Pool,
  tenantId: string,
  name: string,
): Promise<MemberRole & { readonly permissions: ReadonlySet<Permission> }> {
  const { rights, permissions } = await grantOfRole(pool, tenantId, name);
  return {
    role: "role" in rights ? rights.role : null,
    roleId: "roleId" in rights ? rights.roleId : null,
    permissions,
  };
}
