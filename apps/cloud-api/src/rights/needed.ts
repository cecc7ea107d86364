import { type AuthFailure, AuthScopeFailureType } from "@pothos/plugin-scope-auth";
import type { Permission } from "@weir/protocol";

/** What is needed to be answered: one permission, or all of several. */
export type Needed = Permission | readonly Permission[];

/**
 * What a field or a type of the schema needs, read from its definition; null when it names nothing, so that what leads to it decides.
 * @param extensions of the field or type, where the builder leaves its `authScopes`
 */
export function neededOf(extensions: object): readonly Permission[] | null {
  const { pothosOptions } = extensions as { pothosOptions?: { authScopes?: { may?: Needed } } };
  const may = pothosOptions?.authScopes?.may;
  if (may === undefined) return null;
  return typeof may === "string" ? [may] : may;
}

/** What was asked for in vain, wherever in a failure that stands; null: it failed for something else than a permission. */
export function neededInVain(failure: AuthFailure): Needed | null {
  if (failure.kind === AuthScopeFailureType.AuthScope && failure.scope === "may") return failure.parameter as Needed;
  if (failure.kind !== AuthScopeFailureType.AnyAuthScopes && failure.kind !== AuthScopeFailureType.AllAuthScopes)
    return null;
  return failure.failures.map(neededInVain).find((needed) => needed !== null) ?? null;
}
