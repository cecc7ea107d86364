import type { Trust, TrustChange } from "@weir/protocol/seal";

/**
 * The trust file that a person imported into this browser: whose keys it seals for. It came on a way that is not the cloud, and no key that the cloud
 * tells is put in its place.
 */
export interface KeptTrust {
  readonly trust: Trust;
  /** What is typed here is sealed, also where no flow asks for it. */
  readonly alwaysSeals: boolean;
  /** ISO 8601. */
  readonly keptAt: string;
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Each tenant has keys of its own. */
const placeOf = (tenantId: string) => `weir-trust:${tenantId}`;

/**
 * What is kept for a tenant; null: nothing is. What opens it (JOSE) is loaded only where something is kept.
 * @throws SealError what is kept can no longer be used
 */
export async function readKeptTrust(store: Store, tenantId: string): Promise<KeptTrust | null> {
  const text = store.getItem(placeOf(tenantId));
  if (text === null) return null;
  const { readTrust } = await import("@weir/protocol/seal");
  const { trust, alwaysSeals, keptAt } = Object(parsed(text)) as Partial<Record<keyof KeptTrust, unknown>>;
  return {
    trust: await readTrust(trust, "The trust file of this browser"),
    // What is not understood is no leave to send in plain.
    alwaysSeals: alwaysSeals !== false,
    keptAt: typeof keptAt === "string" ? keptAt : "",
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** What an import did, or would do. */
export interface Imported {
  /** False: other keys are kept, and nothing was changed. */
  readonly kept: boolean;
  /** Keys that come and go, against what was kept before. */
  readonly changes: readonly TrustChange[];
}

/**
 * Keeps a trust file. Where it names other keys than the one that is kept, nothing is changed unless that is asked for: whoever swaps a key reads what
 * is sealed from then on.
 * @throws SealError it is no trust file
 */
export async function importTrust(
  store: Store,
  tenantId: string,
  text: string,
  { replace, now }: { readonly replace: boolean; readonly now: Date },
): Promise<Imported> {
  const { changesBetween, fingerprints, readTrust } = await import("@weir/protocol/seal");
  const trust = await readTrust(parsed(text), "The file");
  // What is kept and cannot be read any more names no keys that could be compared.
  const before = await readKeptTrust(store, tenantId).catch(() => null);
  const isThere = store.getItem(placeOf(tenantId)) !== null;
  const changes = before === null ? [] : changesBetween(await fingerprints(before.trust), await fingerprints(trust));
  const differs = changes.length > 0 || (isThere && before === null);
  if (differs && !replace) return { kept: false, changes };
  const kept: KeptTrust = { trust, alwaysSeals: before?.alwaysSeals ?? true, keptAt: now.toISOString() };
  store.setItem(placeOf(tenantId), JSON.stringify(kept));
  return { kept: true, changes };
}

/** Whether all that is typed here is sealed, or only where somebody asks for it. */
export function setAlwaysSeals(store: Store, tenantId: string, alwaysSeals: boolean): void {
  const kept = parsed(store.getItem(placeOf(tenantId)) ?? "null");
  if (typeof kept !== "object" || kept === null) return;
  store.setItem(placeOf(tenantId), JSON.stringify({ ...kept, alwaysSeals }));
}

export function forgetTrust(store: Store, tenantId: string): void {
  store.removeItem(placeOf(tenantId));
}
