import { isOfClass } from "../executors/classes.ts";

/** An error class, or a function that looks at what was thrown. */
export type RetryOn = (abstract new (...args: never[]) => Error) | ((error: unknown) => boolean);

function isErrorClass(on: RetryOn): on is abstract new (...args: never[]) => Error {
  return on === Error || (typeof on.prototype === "object" && on.prototype instanceof Error);
}

/** Whether what was thrown is among what may be retried. */
export function matchesRetryOn(rules: readonly RetryOn[], thrown: unknown): boolean {
  return rules.some((rule) => (isErrorClass(rule) ? isOfClass(thrown, rule) : rule(thrown)));
}
