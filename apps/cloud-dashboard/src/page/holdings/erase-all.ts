import { type Patience, patiently } from "./patiently.ts";

/** What one call erased. */
export interface ErasedPart {
  readonly done: boolean;
  readonly flows: number;
  readonly runs: number;
}

/** What was erased so far. */
export type Erased = Omit<ErasedPart, "done">;

interface Erasing extends Patience {
  /** Erases a part. @throws Refused */
  readonly erase: () => Promise<ErasedPart>;
  /** Called after each part. */
  readonly tell: (erased: Erased) => void;
}

/**
 * Erases part after part until nothing is left, or somebody stops it: what was erased by then stays erased.
 * @throws Refused the cloud will not erase it, now or later
 */
export async function eraseAll({ erase, tell, ...patience }: Erasing): Promise<void> {
  const erased = { flows: 0, runs: 0 };
  while (!patience.signal.aborted) {
    const part = await patiently(erase, patience);
    erased.flows += part.flows;
    erased.runs += part.runs;
    tell({ ...erased });
    if (part.done) return;
  }
}
