import { isPermission, type Permission, ROLES, type RoleName } from "@weir/protocol";

const NONE: ReadonlySet<Permission> = new Set();
const HELD = new Map<string, ReadonlySet<Permission>>(
  Object.entries(ROLES).map(([name, permissions]) => [name, new Set<Permission>(permissions)]),
);

/** Whether every tenant has a role of this name. */
export function isRoleName(name: string): name is RoleName {
  return HELD.has(name);
}

/**
 * What a role allows. Of a name that is no role's: nothing.
 * @param role name of a role that every tenant has; null: the role is one of the tenant's own
 * @param own what the tenant's own role, or a key's own list, holds. What this cloud does not know is left out: a later release may have written it
 * @example permissionsOf("viewer").has("run:read") // true
 * @example permissionsOf(null, ["run:read", "run:fly"]) // Set { "run:read" }
 */
export function permissionsOf(role: string | null, own: readonly string[] | null = null): ReadonlySet<Permission> {
  if (role !== null) return HELD.get(role) ?? NONE;
  return own === null ? NONE : new Set(own.filter(isPermission));
}
