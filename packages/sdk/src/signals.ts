import { type Duration, durationMs } from "./duration.ts";

/** Thrown by a task to end its try in a certain state. Made by `fail`, `skip`, `retryAfter`, `pause`, `succeedWith` and `loopWith`. */
export abstract class Signal extends Error {
  override readonly name: string = "Signal";
  /** The call that made it, for messages: `skip("no data")`. */
  abstract readonly call: string;
}

export class FailSignal extends Signal {
  override readonly name = "Fail";
  get call(): string {
    return `fail(${JSON.stringify(this.message)})`;
  }
}

export class SkipSignal extends Signal {
  override readonly name = "Skip";
  get call(): string {
    return `skip(${JSON.stringify(this.message)})`;
  }
}

export class RetrySignal extends Signal {
  override readonly name = "RetryAfter";
  readonly when: Duration | Date;

  constructor(when: Duration | Date, message: string) {
    super(message);
    this.when = when;
  }

  get call(): string {
    return `retryAfter(${this.when instanceof Date ? this.when.toISOString() : JSON.stringify(this.when)})`;
  }

  /** How long to wait, counted from `now`. Milliseconds. */
  delayMs(now: number): number {
    return durationMs(this.when instanceof Date ? Math.max(0, this.when.getTime() - now) : this.when, "retryAfter");
  }
}

export class PauseSignal extends Signal {
  override readonly name = "Pause";
  get call(): string {
    return `pause(${JSON.stringify(this.message)})`;
  }
}

export class SuccessSignal extends Signal {
  override readonly name = "SucceedWith";
  readonly value: unknown;

  constructor(value: unknown, message: string) {
    super(message);
    this.value = value;
  }

  get call(): string {
    return "succeedWith(…)";
  }
}

export class LoopSignal extends Signal {
  override readonly name = "LoopWith";
  readonly value: unknown;

  constructor(value: unknown, message: string) {
    super(message);
    this.value = value;
  }

  get call(): string {
    return "loopWith(…)";
  }
}

type Listener = (signal: Signal) => void;
let listener: Listener = () => undefined;

/** The engine listens, so that it can tell of a signal that was made and then swallowed. */
export function onSignalMade(heard: Listener): void {
  listener = heard;
}

function made<S extends Signal>(signal: S): S {
  listener(signal);
  return signal;
}

/**
 * Ends the task as Failed with your own words; retries apply as for any failure.
 * @example throw fail("the file has no header");
 */
export function fail(message: string): Error {
  return made(new FailSignal(message));
}

/**
 * Ends the task as Skipped, which counts as successful: its value is `undefined`, and tasks that take it are skipped too.
 * @example if (rows.length === 0) throw skip("nothing came in today");
 */
export function skip(message: string): Error {
  return made(new SkipSignal(message));
}

/**
 * Ends this try and asks for another one, after a while or at a moment, whatever `retries` says.
 * @example throw retryAfter("10m", "the export is not ready");
 */
export function retryAfter(when: Duration | Date, message = "the task asked to be tried again later"): Error {
  return made(new RetrySignal(when, message));
}

/**
 * Ends this try and waits for a person. Once somebody has approved the task run, it runs again from its beginning, and `run.approved` is
 * true.
 * @example if (!run.approved && amount > 10_000) throw pause(`${amount} is much: is it right?`);
 */
export function pause(message = "the task waits for a person's approval"): Error {
  return made(new PauseSignal(message));
}

/**
 * Ends the task as Success with this value, from however deep below.
 * @example if (cached !== undefined) throw succeedWith(cached);
 */
export function succeedWith(value: unknown, message = ""): Error {
  return made(new SuccessSignal(value, message));
}

/**
 * Ends this turn of a looping task: the value is written, and the task runs again with it in `run.loop.value`. A further try after a failure
 * begins with the turn that failed.
 * @example
 * const { value: page = 1 } = run.loop as { value?: number };
 * if (await hasMore(page)) throw loopWith(page + 1);
 */
export function loopWith(value: unknown, message = ""): Error {
  return made(new LoopSignal(value, message));
}
