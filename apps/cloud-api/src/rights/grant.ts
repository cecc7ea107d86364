import { isPermission, type Permission, PERMISSIONS, Refusal, ROLES } from "@weir/protocol";
import type { Pool } from "pg";
import type { Rights } from "../api-keys/api-keys.ts";
import { isRoleName, permissionsOf } from "./permissions-of.ts";

/** What somebody asks to be granted, and what that allows at this moment. */
export interface Grant {
  readonly rights: Rights;
  readonly permissions: ReadonlySet<Permission>;
}

/**
 * Reads a list of permissions that a person wrote.
 * @throws Refusal INVALID naming those that are none
 */
export function checkedPermissions(texts: readonly string[]): Permission[] {
  const unknown = texts.filter((text) => !isPermission(text));
  if (unknown.length === 0) return [...new Set(texts.filter(isPermission))];
  throw new Refusal(
    "INVALID",
    `permissions: ${unknown.map((text) => JSON.stringify(text.slice(0, 80))).join(", ")} is none. There are ${Object.keys(PERMISSIONS).join(", ")}.`,
  );
}

/**
 * Finds the role of a name: one that every tenant has, or one of the tenant's own.
 * @throws Refusal NOT_FOUND for a name that is no role's, INVALID for the role of agents
 */
export async function grantOfRole(pool: Pool, tenantId: string, name: string): Promise<Grant> {
  if (name === "agent")
    throw new Refusal("INVALID", 'The role "agent" is of agents\' keys alone: make a key of scope agent.');
  if (isRoleName(name)) return { rights: { role: name }, permissions: permissionsOf(name) };
  const { rows } = await pool.query<{ id: string; permissions: string[] }>({
    name: "role-by-name",
    text: "select id, permissions from roles where tenant_id = $1 and name = $2",
    values: [tenantId, name],
  });
  const [role] = rows;
  if (role !== undefined) return { rights: { roleId: role.id }, permissions: permissionsOf(null, role.permissions) };
  throw new Refusal(
    "NOT_FOUND",
    `There is no role ${JSON.stringify(name)}. There are ${Object.keys(ROLES).join(", ")}, and those of the tenant's own.`,
  );
}

/** The permissions of a list, as a grant. */
export function grantOfList(texts: readonly string[]): Grant {
  const permissions = checkedPermissions(texts);
  return { rights: { permissions }, permissions: new Set(permissions) };
}
