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
