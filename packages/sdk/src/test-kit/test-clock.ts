import { type Duration, durationMs } from "../duration.ts";
import type { Clock } from "../engine/flow-run.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Rounds of the event loop in which nobody sets a timer before time goes on. What the engine and the flow's own function do between two
 * task runs takes a few; a round costs microseconds.
 */
const SILENT_ROUNDS = 12;

const round = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Options of `testClock`. */
export interface TestClockOptions {
  /** When the run is. Default: 1 January 2026, 00:00 UTC. */
  readonly start?: Date | number;
  /** What chance answers, from 0 to 1. Default: 0.5, by which `jitter` leaves a delay as it is. */
  readonly chance?: number;
}

/**
 * Time as `testRun` has it. It stands still while tasks run, and jumps to the next moment that somebody waits for as soon as none does: a
 * retry in ten minutes takes no time, and `now()` then is ten minutes later. Only the engine's time is meant: timers and `Date.now()` of
 * your own code are the real ones.
 */
export class TestClock implements Clock {
  #now: number;
  #timers: Timer[] = [];
  #working = 0;
  #silence = 0;
  #isPumping = false;
  readonly #chance: number;

  constructor({ start = Date.UTC(2026, 0, 1), chance = 0.5 }: TestClockOptions = {}) {
    this.#now = Number(start);
    this.#chance = chance;
  }

  /** Milliseconds since 1970. */
  readonly now = (): number => this.#now;

  readonly random = (): number => this.#chance;

  readonly after = (delayMs: number, callback: () => void): { cancel(): void } => {
    const timer = { at: this.#now + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    this.#silence = 0;
    this.#pump();
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      },
    };
  };

  /**
   * Lets time pass, and gives whoever waited for it a chance to go on.
   * @example stubTask(slow, async () => { await clock.advance("2m"); return 1; }) // longer than its timeout
   */
  async advance(by: Duration): Promise<void> {
    const until = this.#now + durationMs(by, "advance");
    // Whoever has only just begun, the task that calls this for one, has yet to say what it waits for.
    await round();
    for (let due = this.#next(until); due !== undefined; due = this.#next(until)) {
      this.#fire(due);
      await round();
    }
    this.#now = Math.max(this.#now, until);
    await round();
  }

  /** Time stands still until `work` has settled. */
  during<T>(work: PromiseLike<T>): PromiseLike<T> {
    this.#working += 1;
    const over = (): void => {
      this.#working -= 1;
      this.#silence = 0;
      this.#pump();
    };
    work.then(over, over);
    return work;
  }

  #next(until = Infinity): Timer | undefined {
    const due = this.#timers.filter(({ at }) => at <= until);
    return due.length === 0 ? undefined : due.reduce((first, timer) => (timer.at < first.at ? timer : first));
  }

  #fire(timer: Timer): void {
    this.#timers = this.#timers.filter((one) => one !== timer);
    this.#now = Math.max(this.#now, timer.at);
    this.#silence = 0;
    timer.callback();
  }

  #pump(): void {
    if (!this.#isPumping) void this.#jump();
  }

  async #jump(): Promise<void> {
    this.#isPumping = true;
    while (this.#working === 0 && this.#timers.length > 0) {
      await round();
      this.#silence += 1;
      const due = this.#silence < SILENT_ROUNDS || this.#working > 0 ? undefined : this.#next();
      if (due !== undefined) this.#fire(due);
    }
    // In the same breath as the last look: a timer that is set from now on must find it so.
    this.#isPumping = false;
  }
}

/**
 * A clock for `testRun`, to look at and to move.
 * @example
 * const clock = testClock({ start: new Date("2026-03-29T00:30:00Z") });
 * const result = await testRun(nightly, { day: "mon" }, { clock });
 * expect(clock.now() - Date.parse("2026-03-29T00:30:00Z")).toBe(30_000); // three tries, 10 s apart, and 10 s more
 */
export function testClock(options: TestClockOptions = {}): TestClock {
  return new TestClock(options);
}
