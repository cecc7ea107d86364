import { expect, test } from "vitest";
import { TaskTimeoutError } from "../errors.ts";
import { fail, retryAfter, skip } from "../signals.ts";
import { type TaskOptions, taskSettings } from "../task/task-options.ts";
import { nextStep } from "./next-step.ts";

const NOW = 1_000_000;

function after(thrown: unknown, tryNumber: number, options: TaskOptions, random = 0.5) {
  return nextStep(thrown, tryNumber, taskSettings("t", options), NOW, () => random);
}

const boom = new Error("boom");

test.each<[string, TaskOptions, (number | "Failed")[]]>([
  ["no retries by default", {}, ["Failed"]],
  ["a count of retries, a second apart", { retries: 2 }, [1_000, 1_000, "Failed"]],
  ["a delay of one's own", { retries: 1, retryDelay: "5s" }, [5_000, "Failed"]],
  ["back-off multiplies each delay", { retries: 3, retryDelay: 100, backoff: 3 }, [100, 300, 900, "Failed"]],
  ["a fraction of a millisecond is a whole one", { retries: 1, retryDelay: 0.2, backoff: 1.5 }, [1, "Failed"]],
  ["a list of delays", { retries: ["1s", 20, "1m"] }, [1_000, 20, 60_000, "Failed"]],
])("%s", (_name, options, expected) => {
  const steps = expected.map((_, index) => after(boom, index + 1, options));
  expect(steps.map((step) => (step.state === "Retrying" ? step.delayMs : step.state))).toEqual(expected);
});

test("jitter makes the delay longer or shorter by its share, by chance", () => {
  const options: TaskOptions = { retries: 1, retryDelay: 1_000, jitter: 0.2 };
  expect([0, 0.5, 1].map((random) => after(boom, 1, options, random))).toEqual(
    [800, 1_000, 1_200].map((delayMs) => ({ state: "Retrying", delayMs })),
  );
});

test("back-off without end stays within a year", () => {
  const step = after(boom, 1_000, { retries: 2_000, backoff: 10 });
  expect(step).toEqual({ state: "Retrying", delayMs: 365 * 86_400_000 });
});

test.each<[string, TaskOptions["retryOn"], unknown, string]>([
  ["a class that matches", TypeError, new TypeError("x"), "Retrying"],
  ["a class that does not", TypeError, new RangeError("x"), "Failed"],
  ["a base class", Error, new RangeError("x"), "Retrying"],
  ["one of several", [TypeError, RangeError], new RangeError("x"), "Retrying"],
  ["a function that says yes", (error) => error === "again", "again", "Retrying"],
  ["a function that says no", (error) => error === "again", "never", "Failed"],
  ["timeouts only when asked for", TypeError, new TaskTimeoutError("x"), "TimedOut"],
  ["timeouts when asked for", [TypeError, TaskTimeoutError], new TaskTimeoutError("x"), "Retrying"],
])("retryOn: %s", (_name, retryOn, thrown, state) => {
  expect(after(thrown, 1, { retries: 1, ...(retryOn === undefined ? {} : { retryOn }) }).state).toBe(state);
});

test("without retryOn every failure is retried, timeouts and fail() too", () => {
  for (const thrown of [boom, "text", undefined, new TaskTimeoutError("x"), fail("x")]) {
    expect(after(thrown, 1, { retries: 1 }).state).toBe("Retrying");
  }
});

test("skip() is never retried, retryAfter() always, by its own time", () => {
  expect(after(skip("x"), 1, { retries: 5 })).toEqual({ state: "Skipped" });
  expect(after(retryAfter("2m"), 99, {})).toEqual({ state: "Retrying", delayMs: 120_000 });
  expect(after(retryAfter(new Date(NOW + 70)), 1, {})).toEqual({ state: "Retrying", delayMs: 70 });
  expect(after(retryAfter(new Date(NOW - 70)), 1, {})).toEqual({ state: "Retrying", delayMs: 0 });
});

test.each<[TaskOptions, string]>([
  [{ retries: -1 }, 'retries of the task "t" is -1'],
  [{ retries: 1.5 }, 'retries of the task "t" is 1.5'],
  [{ retries: 1, backoff: -1 }, 'backoff of the task "t" is -1'],
  [{ jitter: Number.NaN }, 'jitter of the task "t" is NaN'],
  [{ timeout: -1 }, 'timeout of the task "t" is -1, which is no duration'],
  [{ maxConcurrency: 0 }, 'maxConcurrency of the task "t" is 0; it must be a whole number from 1'],
])("%j is told", (options, sentence) => {
  expect(() => taskSettings("t", options)).toThrow(sentence);
});
