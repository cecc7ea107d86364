import { Script } from "node:vm";

// A synchronous function that does not come back can be ended by V8's own watchdog alone, and the door to it is a script with a timeout.
// The script calls what lies in a slot of the global object.
const SLOT = Symbol.for("weir.cli.within-time");
const slots = globalThis as unknown as Record<symbol, (() => unknown) | undefined>;
const script = new Script(`globalThis[Symbol.for("weir.cli.within-time")]()`);

/**
 * Calls a synchronous function, and ends it when it takes longer than `ms`: the schema that it applies came from a cloud.
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
