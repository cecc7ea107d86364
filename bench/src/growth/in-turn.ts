import type { Contender } from "../contest.ts";

/** Something that is timed many times. */
export interface Sampled {
  /** Before the samples of a round. */
  prepare?(): Promise<void>;
  sample(): Promise<void>;
  /** After them. */
  tidy?(): Promise<void>;
}

/**
 * Contenders whose samples are taken in turn, one of each: what else a machine does lasts longer than a request, and would fall on one of them. Whichever
 * is asked first in a round measures all, so its CPU time is that of all.
 */
export function inTurn(all: readonly Sampled[], samples: number): Contender[] {
  const measured = all.map((): number[] | null => null);
  const measureAll = async () => {
    for (const one of all) await one.prepare?.();
    const values = all.map((): number[] => []);
    for (let taken = 0; taken < samples; taken += 1)
      for (const [at, one] of all.entries()) {
        const began = performance.now();
        await one.sample();
        values[at]?.push(performance.now() - began);
      }
    for (const one of all) await one.tidy?.();
    for (const [at, own] of values.entries()) measured[at] = own;
  };
  return all.map((_, at) => ({
    units: samples * all.length,
    measure: async () => {
      if (measured[at] === null || measured[at] === undefined) await measureAll();
      const own = measured[at] ?? [];
      measured[at] = null;
      return own;
    },
  }));
}
