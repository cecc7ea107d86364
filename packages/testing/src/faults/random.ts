/** A source of randomness that a seed repeats. */
export interface Random {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<T>(items: readonly T[]): T | undefined;
}

/** mulberry32: 32 bits of state are plenty for choosing moments, and it is five lines instead of a dependency. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    seed,
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (items) => items[Math.floor(next() * items.length)],
  };
}

/** `WEIR_FAULTS_SEED` where it is set, so that a failure can be had again; else a new one. */
export function chooseSeed(environment: Readonly<Record<string, string | undefined>>, now: number): number {
  const given = Number(environment.WEIR_FAULTS_SEED);
  return environment.WEIR_FAULTS_SEED && Number.isInteger(given) ? given : now % 2 ** 31;
}
