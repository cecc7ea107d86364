const MOST_TOKENS = 20_000;
/** Far below the life of any token, so that one that has ended is not remembered as valid for long. */
const TRUST_MS = 5_000;

/** How tokens are remembered. */
export interface RememberingOptions<T> {
  /** For how long, in milliseconds from now, what a token says is right: until it ends at most. */
  readonly trustMs?: (value: T) => number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** Tokens that were verified, or signed, a moment ago. */
export interface Remembered<T> {
  /** What the token says. Throws what the verification throws; failures are not remembered. */
  read(token: string): Promise<T>;
  /** A token that was signed here needs no verification when it comes back. */
  put(token: string, value: T): void;
}

/**
 * Remembers what tokens say for seconds: an Ed25519 check costs a tenth of a millisecond, and a runner sends the same token twenty times a
 * second. What may change within a token's life (its attempt, its key) is no part of it.
 */
export function remembering<T>(
  verify: (token: string) => Promise<T>,
  { trustMs = () => TRUST_MS, now = () => performance.now() }: RememberingOptions<T> = {},
): Remembered<T> {
  const known = new Map<string, { value: T; until: number }>();
  const put = (token: string, value: T) => {
    // The oldest: whoever is still there is verified once more, and all others are not.
    if (known.size >= MOST_TOKENS) for (const oldest of known.keys().take(1)) known.delete(oldest);
    known.set(token, { value, until: now() + trustMs(value) });
  };
  const read = async (token: string) => {
    const held = known.get(token);
    if (held !== undefined && now() < held.until) return held.value;
    const value = await verify(token);
    put(token, value);
    return value;
  };
  return { read, put };
}
