/** Where a looping task stands. */
export interface Loop {
  /** Turns that are over: 0 in the first. */
  readonly count: number;
  /** What the turn before gave to `loopWith`; undefined in the first. */
  readonly value: unknown;
}
