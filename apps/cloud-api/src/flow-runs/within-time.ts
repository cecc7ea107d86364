import { Script } from "node:vm";

// The only way to interrupt JavaScript that does not come back is V8's own watchdog, and the only door to it is a script with a timeout. The
// script calls what lies in a slot of the global object, which nobody else can name.
const SLOT = Symbol.for("weir.within-time");
const slots = globalThis as unknown as Record<symbol, (() => unknown) | undefined>;
const script = new Script(`globalThis[Symbol.for("weir.within-time")]()`);

/**
 * Calls a synchronous function, and ends it when it takes longer than `ms`: an endless loop, a regular expression that backtracks, recursion
 * that doubles. Costs a third of a millisecond.
 * @throws Error with code ERR_SCRIPT_EXECUTION_TIMEOUT, or what `fn` throws
 */
export function withinTime<T>(ms: number, fn: () => T): T {
  slots[SLOT] = fn;
  try {
    return script.runInThisContext({ timeout: ms }) as T;
  } finally {
    slots[SLOT] = undefined;
  }
}
