/** Guards behind another one that no test can open, so that nothing fails without them. By the name of the guard, with the reason. */
export const SECOND_LOCKS: readonly { readonly guards: RegExp; readonly reason: string }[] = [
  {
    guards: /^api-keys\/told-name\.ts /,
    reason: "the key's id is of the credential that asks, as the tenant is",
  },
  {
    guards: /^artifacts\/artifact\.sql\.ts tenant_id = \$1$/,
    reason: "names alone are found; the rows of each are looked up by tenant again",
  },
];

/** Why it is no finding that no test notices a guard's absence; null: it is one. */
export function secondLock(guard: string): string | null {
  return SECOND_LOCKS.find(({ guards }) => guards.test(guard))?.reason ?? null;
}
