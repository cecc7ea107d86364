/** How often things are looked after. Milliseconds. */
export interface Timing {
  /** Until Redis is told again that somebody waits; a quarter of the time after which it forgets. */
  readonly refreshMs: number;
  /** Until it is looked whether a job died with its workers. */
  readonly checkMs: number;
  /** How long a worker gets to answer an order to stop. */
  readonly graceMs: number;
}
