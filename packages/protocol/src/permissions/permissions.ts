/**
 * What people and programs may do with each kind of thing in their tenant: verb × object, written `object:verb`. One table for the checks of the
 * server, the buttons of the dashboard and the docs. Reading logs, reading parameters and starting runs are rights of their own.
 */
export const PERMISSIONS = {
  "project:read": "see projects",
  "project:write": "make, rename and remove projects",
  "flow:read": "see flows, their versions and schedules",
  "flow:register": "register versions of flows",
  "flow:write": "settings of flows, archive and remove versions, schedules on and off",
  "run:read": "see runs, task runs, their states and times",
  "run:start": "start runs, and restart them",
  "run:control": "cancel, pause, resume, approve, and set a state by hand",
  "log:read": "read log lines",
  "parameter:read": "read parameters, and defaults of flows and schedules",
  "artifact:read": "read artifacts",
  "agent:read": "see agents",
  "agent:write": "pause and remove agents",
  "limit:read": "see limits, and who holds and waits",
  "limit:write": "set and remove limits, pause the tenant's queue",
  "kv:read": "read the key-value store",
  "kv:write": "write the key-value store",
  "key:read": "see API keys and service accounts, never a key itself",
  "key:write": "make, rotate and revoke API keys and service accounts",
  "member:read": "see members, invitations and roles",
  "member:write": "invite and remove members, and change their roles",
  "role:write": "make, change and remove roles of the tenant's own",
  "audit:read": "read and export the audit log",
  "tenant:write": "settings of the tenant, single sign-on, export and erase",
} as const;

/** @example "run:start" */
export type Permission = keyof typeof PERMISSIONS;

const all = Object.keys(PERMISSIONS) as Permission[];
const only = (...permissions: Permission[]): readonly Permission[] => permissions;
const without = (from: readonly Permission[], ...left: Permission[]): readonly Permission[] =>
  from.filter((permission) => !left.includes(permission));

const VIEWER = only("project:read", "flow:read", "run:read", "agent:read", "limit:read", "member:read");
const OPERATOR = only(...VIEWER, "run:start", "run:control", "log:read", "artifact:read", "kv:read", "limit:write");
const DEVELOPER = only(
  ...OPERATOR,
  "parameter:read",
  "flow:register",
  "flow:write",
  "project:write",
  "kv:write",
  "key:read",
);

/** Roles that every tenant has, from the most to the least. `agent` is of agents' keys alone: it opens the run door and no more. */
export const ROLES = {
  owner: all,
  admin: without(all, "tenant:write"),
  developer: DEVELOPER,
  operator: OPERATOR,
  viewer: VIEWER,
  agent: only(),
} as const satisfies Record<string, readonly Permission[]>;

export type RoleName = keyof typeof ROLES;

/** Whether a text names a permission. */
export function isPermission(text: string): text is Permission {
  return Object.hasOwn(PERMISSIONS, text);
}

/**
 * What of some permissions somebody does not hold: nobody grants more than they hold.
 * @example beyond(["run:read", "key:write"], new Set(["run:read"])) // ["key:write"]
 */
export function beyond(granted: Iterable<Permission>, held: ReadonlySet<Permission>): Permission[] {
  return [...granted].filter((permission) => !held.has(permission));
}
