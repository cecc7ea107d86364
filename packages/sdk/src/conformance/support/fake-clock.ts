import type { Clock } from "../../engine/flow-run.ts";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** So many rounds of the event loop without a timer being set or fired count as silence: what is left to do waits for time. */
const SILENCE = 12;

/** A clock that jumps to the next timer as soon as nothing else goes on: a wait of an hour takes no time, and is told exactly. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #timers: Timer[] = [];
  #isPumping = false;
  #rounds = 0;
  /** From 0 to 1. */
  chance = 0.5;

  readonly now = (): number => this.#now;
  readonly random = (): number => this.chance;

  readonly after = (delayMs: number, callback: () => void): { cancel(): void } => {
    const timer = { at: this.#now + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    this.#rounds = 0;
    if (!this.#isPumping) void this.#pump();
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((one) => one !== timer);
      },
    };
  };

  /** What the user's code would do with a timer. */
  readonly sleep = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      this.after(delayMs, resolve);
    });

  /** Lets time pass between two attempts. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Timers that nobody cancelled. */
  get left(): number {
    return this.#timers.length;
  }

  async #pump(): Promise<void> {
    this.#isPumping = true;
    while (this.#timers.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#rounds += 1;
      if (this.#rounds >= SILENCE) this.#fire();
    }
    this.#isPumping = false;
  }

  #fire(): void {
    this.#rounds = 0;
    const next = this.#timers.reduce((first, timer) => (timer.at < first.at ? timer : first));
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
  }
}
