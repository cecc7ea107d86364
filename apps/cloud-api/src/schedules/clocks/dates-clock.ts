import type { Clock } from "./clock.ts";

/** These instants, in whatever order they come. */
export function datesClock(instants: readonly number[]): Clock {
  const sorted = [...instants].sort((a, b) => a - b);
  return { next: (after) => sorted.find((instant) => instant > after) ?? null };
}
