const MOST_TOKENS = 20_000;
/** Far below the life of any token, so that one that has ended is not remembered as valid for long. */
const TRUST_MS = 5_000;

/**
 * Remembers the outcome of a token's verification for seconds: an Ed25519 check costs a tenth of a millisecond, and a runner sends the same
 * token twenty times a second. Failures are not remembered. What may change within a token's life (its attempt, its key) is not part of it.
 */
export function remembering<T>(verify: (token: string) => Promise<T>, now: () => number = () => performance.now()) {
  const known = new Map<string, { value: T; at: number }>();
  return async (token: string): Promise<T> => {
    const held = known.get(token);
    if (held !== undefined && now() - held.at < TRUST_MS) return held.value;
    const value = await verify(token);
    if (known.size >= MOST_TOKENS) known.clear();
    known.set(token, { value, at: now() });
    return value;
  };
}
