import { beyond, type Permission, PERMISSIONS, Refusal } from "@weir/protocol";

/**
 * What an agent's key lets its holder do at the run door, told as permissions: it is handed runs with their parameters and the flows' code
 * places, begins and ends them, and their flows read and write the key-value store. Whoever makes such a key must hold them.
 */
export const REACH_OF_AGENT_KEYS = [
  "flow:read",
  "run:read",
  "run:start",
  "run:control",
  "parameter:read",
  "kv:read",
  "kv:write",
] as const satisfies readonly Permission[];

/**
 * Nobody grants more than they hold: by a role, a key, an invitation or a change of any of them.
 * @param granter whose request it is
 * @param what what would hold the permissions, as the beginning of a sentence
 * @throws Refusal FORBIDDEN naming the permissions that the granter does not hold
 * @example requireHeld(principal, ["key:write"], 'The role "deployer"');
 */
export function requireHeld(
  granter: { readonly permissions: ReadonlySet<Permission> },
  granted: Iterable<Permission>,
  what: string,
): void {
  const missing = beyond(granted, granter.permissions);
  if (missing.length === 0) return;
  const named = missing.map((permission) => `"${permission}" (${PERMISSIONS[permission]})`).join(", ");
  throw new Refusal(
    "FORBIDDEN",
    `${what} would hold ${named}, which this credential does not hold itself: nobody grants more than they hold. Leave it out, or ask somebody who holds it.`,
  );
}
