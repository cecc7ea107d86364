import { beyond, type Permission, PERMISSIONS, Refusal, ROLES } from "@weir/protocol";

/** Roles whose holders can give a permission: they hold it, and may change what members and keys hold. */
function givers(lacking: readonly Permission[]): string {
  const names = (["owner", "admin"] as const).filter(
    (role) => beyond([...lacking, "member:write", "key:write"], new Set(ROLES[role])).length === 0,
  );
  return names.join(" or ");
}

/**
 * The refusal for somebody who lacks permissions.
 * @param what what was asked for, as the beginning of a sentence
 * @example lacks("createFlowRun", ["run:start"]).message
 * // 'createFlowRun needs the permission "run:start" (start runs, and restart them), which this credential does not hold. …'
 */
export function lacks(what: string, lacking: readonly Permission[]): Refusal {
  const named = lacking.map((permission) => `"${permission}" (${PERMISSIONS[permission]})`).join(" and ");
  const [noun, it] = lacking.length === 1 ? ["permission", "it"] : ["permissions", "them"];
  return new Refusal(
    "FORBIDDEN",
    `${what} needs the ${noun} ${named}, which this credential does not hold. Whoever is ${givers(lacking)} of the tenant can give ${it} to a person's role, or make a key that holds ${it}.`,
  );
}
