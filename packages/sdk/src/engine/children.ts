import type { RunHandle, Verdict } from "./run-handle.ts";

/** How the children of a mapped run ended, taken together. */
export interface Summary {
  readonly verdict: Verdict;
  /** What those who await the list get, when it is not to be had. */
  readonly error: unknown;
  readonly failed: number;
  readonly skipped: boolean;
}

/** The children of a mapped run, by index. One that was never begun is absent. */
export class Children<C extends RunHandle> {
  readonly #children: (C | undefined)[] = [];
  /** Which have ended. One whose value is being read again is not done at that moment, but it has ended all the same. */
  readonly #over: (true | undefined)[] = [];
  #listeners: ((index: number) => void)[] = [];

  set(index: number, child: C): void {
    this.#children[index] = child;
  }

  get(index: number): C | undefined {
    return this.#children[index];
  }

  values(): unknown[] {
    return this.#children.map((child) => child?.take());
  }

  begun(): C[] {
    return this.#children.filter((child) => child !== undefined);
  }

  /** Tells of each child that has ended, those of before too. */
  onEnded(listener: (index: number) => void): void {
    this.#over.forEach((_, index) => listener(index));
    this.#listeners.push(listener);
  }

  ended(index: number): void {
    this.#over[index] = true;
    for (const listener of this.#listeners) listener(index);
  }

  /** Asks for all values. True when they are at hand; else it calls back once they are. */
  demand(ready: () => void): boolean {
    let open = 0;
    for (const child of this.#children) {
      child?.use();
      if (child === undefined || child.done) continue;
      open += 1;
      child.subscribe(() => {
        open -= 1;
        if (open === 0) ready();
      });
    }
    return open === 0;
  }

  /** `count` children there should be; `stopped` says why some were never begun. */
  summary(label: string, count: number, stopped: unknown): Summary {
    const of = (verdict: Verdict) => this.#children.filter((child) => child?.verdict() === verdict);
    const failed = of("unsuccessful");
    const [unreadable] = of("unreadable");
    const skipped = of("skipped").length > 0;
    if (stopped !== null) return { verdict: "unsuccessful", error: stopped, failed: 0, skipped };
    if (failed.length > 0) {
      const error = childrenError(label, count, failed);
      return { verdict: "unsuccessful", error, failed: failed.length, skipped };
    }
    if (unreadable !== undefined) return { verdict: "unreadable", error: unreadable.error, failed: 0, skipped };
    return { verdict: skipped ? "skipped" : "ok", error: undefined, failed: 0, skipped };
  }
}

function childrenError(label: string, count: number, failed: readonly (RunHandle | undefined)[]): Error {
  const errors = failed.map((child) => child?.error);
  const [first] = errors;
  const reason = first instanceof Error ? first.message : String(first);
  return new AggregateError(
    errors,
    `${failed.length} of the ${count} children of ${label} did not succeed. The first: ${reason}`,
    {
      cause: first,
    },
  );
}
