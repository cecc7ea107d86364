import type { Clock } from "./flow-run.ts";

/** What a run waits for that holds no work: a person, or a further try that is far away. */
export type Parked = { readonly until: number | null };

/** Why nothing goes on in a run, and until when. */
export type FlowRest =
  /** Milliseconds until the first of its further tries is due. */
  | { readonly rest: "waiting"; readonly dueInMs: number }
  /** Until a person says so. */
  | { readonly rest: "paused" };

/**
 * Knows whether anything goes on in a run: tries, writes, questions, near further tries. When nothing does and something is parked, the
 * run may rest: its lease is given back instead of being held for hours.
 */
export class Activity {
  readonly #clock: Clock;
  /** Whether the run may rest now, as far as the rest of the engine knows. */
  readonly #mayRest: () => boolean;
  readonly #rested: (rest: FlowRest) => void;
  readonly #parked = new Set<Parked>();
  #count = 0;
  #held = false;
  #looking = false;

  constructor(clock: Clock, mayRest: () => boolean, rested: (rest: FlowRest) => void) {
    this.#clock = clock;
    this.#mayRest = mayRest;
    this.#rested = rested;
  }

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.look();
  }

  /** Counts as going on until it settles. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.begin();
    try {
      return await work;
    } finally {
      this.end();
    }
  }

  park(until: number | null): Parked {
    const parked = { until };
    this.#parked.add(parked);
    this.look();
    return parked;
  }

  unpark(parked: Parked): void {
    this.#parked.delete(parked);
  }

  /** A person has paused the whole run: it rests as soon as what goes on has ended. */
  hold(held: boolean): void {
    this.#held = held;
    if (held) this.look();
  }

  // The flow's own function goes on in microtasks when a task run has ended, and may call further tasks: two turns of the event loop
  // are given to it before the run is taken for idle.
  look(): void {
    if (this.#looking || !this.#isIdle()) return;
    this.#looking = true;
    setImmediate(() =>
      setImmediate(() => {
        this.#looking = false;
        if (this.#isIdle() && this.#mayRest()) this.#rested(this.#rest());
      }),
    );
  }

  #isIdle(): boolean {
    return this.#count === 0 && (this.#held || this.#parked.size > 0);
  }

  #rest(): FlowRest {
    const dues = [...this.#parked].flatMap(({ until }) => (until === null ? [] : [until]));
    if (this.#held || dues.length === 0) return { rest: "paused" };
    return { rest: "waiting", dueInMs: Math.max(0, Math.min(...dues) - this.#clock.now()) };
  }
}
