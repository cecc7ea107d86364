const MOST_TOKENS = 20_000;
/** Far below the life of any token, so that one that has ended is not remembered as valid for long. */
const TRUST_MS = 5_000;

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
  now: () => number = () => performance.now(),
): Remembered<T> {
  const known = new Map<string, { value: T; at: number }>();
  const put = (token: string, value: T) => {
    if (known.size >= MOST_TOKENS) known.clear();
    known.set(token, { value, at: now() });
  };
  const read = async (token: string) => {
    const held = known.get(token);
    if (held !== undefined && now() - held.at < TRUST_MS) return held.value;
    const value = await verify(token);
    put(token, value);
    return value;
  };
  return { read, put };
}
