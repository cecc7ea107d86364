import type { RunHandle } from "./run-handle.ts";

/** A list may hold values of many runs; more numbers than an event may carry are not looked for. */
const MOST_ELEMENTS = 10_000;

/** Which run an awaited value came from. Only objects have an identity to remember. */
export class Origins {
  readonly #origins = new WeakMap<object, RunHandle>();

  remember(value: unknown, run: RunHandle): void {
    if (typeof value === "object" && value !== null) this.#origins.set(value, run);
  }

  /** Tells of the runs behind a value: its own, or those of its elements or fields, one level deep: `report({ orders, rates })`. */
  each(value: object, found: (run: RunHandle) => void): void {
    const own = this.#origins.get(value);
    if (own !== undefined) return found(own);
    for (const inner of innerValues(value)) {
      const run = typeof inner === "object" && inner !== null ? this.#origins.get(inner) : undefined;
      if (run !== undefined) found(run);
    }
  }
}

function innerValues(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value.length > MOST_ELEMENTS ? value.slice(0, MOST_ELEMENTS) : value;
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}
