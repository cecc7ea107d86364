import { type Permission, PERMISSIONS } from "@weir/protocol/permissions";

/** The permissions on one kind of thing. */
interface ObjectRights {
  /** Such as `run`. */
  readonly object: string;
  readonly permissions: readonly Permission[];
}

/** All permissions that there are, by what they are about. */
export const RIGHTS_BY_OBJECT: readonly ObjectRights[] = Object.entries(
  Object.groupBy(Object.keys(PERMISSIONS) as Permission[], (permission) => permission.split(":")[0] ?? ""),
).map(([object, permissions = []]) => ({ object, permissions }));

/** @example verbOf("run:start") // "start" */
export const verbOf = (permission: Permission): string => permission.slice(permission.indexOf(":") + 1);

/** Whether somebody who holds some permissions may grant these: nobody grants more than they hold. */
export function isWithin(granted: readonly string[], held: ReadonlySet<string>): boolean {
  return granted.every((permission) => held.has(permission));
}

/** A role that a person or a key may have. */
export interface RoleToGive {
  readonly name: string;
  readonly permissions: readonly string[];
}

/**
 * The roles that somebody may give to others. `agent` is of agents' keys alone.
 * @param held what they hold themselves
 */
export function givable<Role extends RoleToGive>(roles: readonly Role[], held: ReadonlySet<string>): Role[] {
  return roles.filter(({ name, permissions }) => name !== "agent" && isWithin(permissions, held));
}
