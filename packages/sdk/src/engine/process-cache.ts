import type { NamedDigest } from "@weir/protocol";

/** A result that runs without a cloud share with later ones of this process. */
export interface ProcessCached {
  readonly at: number;
  readonly expiresAt: number;
  readonly digests: readonly NamedDigest[];
  readonly value: unknown;
}

/** As many as the cloud looks through for a key. */
const MOST_OF_KEY = 100;
const MOST_KEYS = 1_000;

const cached = new Map<string, ProcessCached[]>();

/** Keeps a result until it expires or the process ends. */
export function cacheInProcess(key: string, one: ProcessCached): void {
  const others = (cached.get(key) ?? []).slice(0, MOST_OF_KEY - 1);
  // Set anew, so that keys that are used stay and the oldest goes.
  cached.delete(key);
  cached.set(key, [one, ...others]);
  const [oldest] = cached.keys();
  if (cached.size > MOST_KEYS && oldest !== undefined) cached.delete(oldest);
}

/** Results of a key that have not expired, newest first. */
export function cachedInProcess(key: string, now: number): readonly ProcessCached[] {
  return (cached.get(key) ?? []).filter(({ expiresAt }) => expiresAt > now);
}
