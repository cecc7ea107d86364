import { LIMITS } from "./limits.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Keys that would reach an object's prototype when merged; no JSON that crosses may hold them. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Says what is wrong with a JSON value, or null. Walks with a list of its own, so that a value of 10,000 levels
 * is told and not a stack overflow.
 * @example jsonProblem(JSON.parse('{"__proto__":1}'), "parameters") // 'parameters holds the key "__proto__", which is not allowed'
 */
export function jsonProblem(value: unknown, name: string, maxDepth: number = LIMITS.jsonDepth): string | null {
  const open: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value === "number" && !Number.isFinite(next.value))
      return `${name} holds ${next.value}, which JSON cannot carry`;
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth >= maxDepth) return `${name} is nested deeper than ${maxDepth} levels`;
    for (const key of Object.keys(next.value)) {
      if (FORBIDDEN_KEYS.has(key)) return `${name} holds the key ${JSON.stringify(key)}, which is not allowed`;
      open.push({ value: (next.value as Record<string, unknown>)[key], depth: next.depth + 1 });
    }
  }
  return null;
}

/** JSON with sorted keys: equal values give equal text, so digests of it can be compared. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
