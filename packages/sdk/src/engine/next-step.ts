import { LoopSignal, PauseSignal, RetrySignal, SkipSignal, SuccessSignal } from "../signals.ts";
import { TaskTimeoutError } from "../errors.ts";
import { matchesRetryOn } from "../task/retry-on.ts";
import type { TaskSettings } from "../task/task-options.ts";

/** What follows from a try that threw. */
export type NextStep =
  | { readonly state: "Retrying"; readonly delayMs: number }
  | { readonly state: "Success" | "Looped"; readonly value: unknown }
  | { readonly state: "Failed" | "TimedOut" | "Skipped" | "Paused" };

/** Longest wait before a further try: a year. Back-off without a bound would otherwise leave the calendar. */
const LONGEST_DELAY_MS = 365 * 86_400_000;

/** `random` gives a number from 0 to 1: 0.5 leaves the delay as it is. */
function jittered(delayMs: number, jitter: number, random: () => number): number {
  return delayMs * (1 + jitter * (2 * random() - 1));
}

function retrying(delayMs: number): NextStep {
  // Moments that cross are whole milliseconds.
  return { state: "Retrying", delayMs: Math.ceil(Math.min(delayMs, LONGEST_DELAY_MS)) };
}

/**
 * Decides what follows from what a try threw. `tryNumber` counts from 1. Clock and chance are arguments.
 * @throws whatever a `retryOn` function of the user throws.
 */
export function nextStep(
  thrown: unknown,
  tryNumber: number,
  settings: Pick<TaskSettings, "retryDelaysMs" | "jitter" | "retryOn">,
  now: number,
  random: () => number,
): NextStep {
  if (thrown instanceof SkipSignal) return { state: "Skipped" };
  if (thrown instanceof PauseSignal) return { state: "Paused" };
  if (thrown instanceof SuccessSignal) return { state: "Success", value: thrown.value };
  if (thrown instanceof LoopSignal) return { state: "Looped", value: thrown.value };
  if (thrown instanceof RetrySignal) return retrying(thrown.delayMs(now));
  const delayMs = settings.retryDelaysMs[tryNumber - 1];
  if (delayMs !== undefined && (settings.retryOn === null || matchesRetryOn(settings.retryOn, thrown))) {
    return retrying(jittered(delayMs, settings.jitter, random));
  }
  return { state: thrown instanceof TaskTimeoutError ? "TimedOut" : "Failed" };
}
