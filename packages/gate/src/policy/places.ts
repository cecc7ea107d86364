import type { Policy } from "./policy.ts";

/** A place of a policy file, for sentences. @example placeOf(policy, "classes.log", 4) // "weir.boundary.yaml:4 (classes.log)" */
export function placeOf(policy: Policy, path: string | null | undefined, line: number | null): string {
  if (policy.source === null) return "The default policy";
  if (path === null || path === undefined)
    return `${policy.source}, which says nothing about it, so that the default holds,`;
  return `${policy.source}${line === null ? "" : `:${line}`} (${path})`;
}
