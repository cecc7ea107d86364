/** Where a secret lies in Vault: a field of an entry. `path` is below the mount. */
export interface VaultPlace {
  readonly path: string;
  readonly field: string;
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** A path as it stands in a URL; null when it would lead somewhere else. */
export function urlPath(path: string): string | null {
  const segments = segmentsOf(path);
  if (segments.length === 0 || segments.some((segment) => segment === "." || segment === "..")) return null;
  return segments.map((segment) => encodeURIComponent(segment)).join("/");
}

/**
 * Where a secret lies: `orders/db#password` is the field `password` of the entry `orders/db` below `base`; a name alone is a field of the
 * entry `base`, or, without a base, the field `value` of the entry of that name.
 */
export function vaultPlace(name: string, base: string | undefined): VaultPlace {
  const mark = name.lastIndexOf("#");
  const path = [base ?? "", mark === -1 ? "" : name.slice(0, mark)].flatMap(segmentsOf).join("/");
  if (mark !== -1) return { path, field: name.slice(mark + 1) };
  return base === undefined ? { path: segmentsOf(name).join("/"), field: "value" } : { path, field: name };
}
