import type { Failure, Json } from "@weir/protocol";

/** A failure out of the cloud's JSON; null when it is none. */
export function failureOf(value: Json | null | undefined): Failure | null {
  const { name, message } = Object(value) as Partial<Failure>;
  return typeof name === "string" && typeof message === "string" ? (value as unknown as Failure) : null;
}

/** Causes of causes that are shown. */
const DEEPEST = 8;

/** A failure, then its causes and what an AggregateError holds, each with how it hangs together with the one before. */
export function chainOf(
  failure: Failure,
): { readonly failure: Failure; readonly role: string; readonly depth: number }[] {
  const open = [{ failure, role: "", depth: 0 }];
  const chain: typeof open = [];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    chain.push(next);
    if (next.depth >= DEEPEST) continue;
    const depth = next.depth + 1;
    const { cause, errors = [] } = next.failure;
    const below = errors.map((inner) => ({ failure: inner, role: "one of", depth }));
    open.unshift(...(cause === undefined ? [] : [{ failure: cause, role: "caused by", depth }]), ...below);
  }
  return chain;
}
