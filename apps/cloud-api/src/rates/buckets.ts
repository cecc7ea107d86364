interface Bucket {
  level: number;
  /** Monotonic milliseconds at which `level` was right. */
  at: number;
}

const MINUTE_MS = 60_000;
/** Buckets that are remembered; beyond it, those that are full again, which are like new ones, are let go. */
const MOST = 50_000;

/**
 * Token buckets, one for each name, in the memory of this replica: each holds what may be taken in a minute, and fills evenly.
 * @example
 * const claims = new Buckets(600, () => performance.now());
 * const seconds = claims.secondsUntil(tenantId, 1);
 * if (seconds === 0) claims.take(tenantId, 1);
 */
export class Buckets {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param perMinute 0: no limit. @param now monotonic milliseconds */
  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Seconds until as much can be taken; 0: now. What is more than a bucket holds waits for a full one. */
  secondsUntil(name: string, amount: number): number {
    if (this.#perMinute === 0) return 0;
    const missing = Math.min(amount, this.#perMinute) - this.#filled(name).level;
    return missing <= 0 ? 0 : Math.ceil((missing * 60) / this.#perMinute);
  }

  take(name: string, amount: number): void {
    if (this.#perMinute > 0) this.#filled(name).level -= amount;
  }

  #filled(name: string): Bucket {
    const now = this.#now();
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      this.#makeRoom(now);
      bucket = { level: this.#perMinute, at: now };
      this.#buckets.set(name, bucket);
    }
    bucket.level = this.#levelAt(bucket, now);
    bucket.at = now;
    return bucket;
  }

  #levelAt({ level, at }: Bucket, now: number): number {
    return Math.min(this.#perMinute, level + ((now - at) * this.#perMinute) / MINUTE_MS);
  }

  #makeRoom(now: number): void {
    if (this.#buckets.size < MOST) return;
    for (const [name, bucket] of this.#buckets)
      if (this.#levelAt(bucket, now) >= this.#perMinute) this.#buckets.delete(name);
    // All of them are in use: whoever is forgotten begins anew, so that the memory stays bounded.
    if (this.#buckets.size >= MOST) this.#buckets.clear();
  }
}
