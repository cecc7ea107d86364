import { Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { ConnectionError } from "./connection-error.ts";
import { askedToWaitSeconds, backoff, isRetryable } from "./retryable.ts";

test("what passes by itself is retried, what does not is told at once", () => {
  for (const code of ["UNREACHABLE", "TIMED_OUT", "NOT_WEIR"] as const)
    expect(isRetryable(new ConnectionError(code, ""))).toBe(true);
  for (const code of ["REPLY_INVALID", "REPLY_TOO_LARGE", "REDIRECTED", "ABORTED"] as const)
    expect(isRetryable(new ConnectionError(code, ""))).toBe(false);
  expect(isRetryable(new Refusal("OVERLOADED", ""))).toBe(true);
  expect(isRetryable(new Refusal("STALE_ATTEMPT", ""))).toBe(false);
  expect(isRetryable(new TypeError("a bug"))).toBe(false);
});

test("back-off doubles to its bound, its upper half is random", () => {
  const waits = [1, 2, 3, 4, 5].map((attempt) => backoff({ attempt, baseMs: 100, maxMs: 1_000, random: 1 }));
  expect(waits).toEqual([100, 200, 400, 800, 1_000]);
  expect(backoff({ attempt: 3, baseMs: 100, maxMs: 1_000, random: 0 })).toBe(200);
  expect(backoff({ attempt: 5_000, baseMs: 100, maxMs: 1_000, random: 0 })).toBe(500);
});

test("the wait that the other side asks for is known", () => {
  expect(askedToWaitSeconds(new Refusal("OVERLOADED", "", { retryAfterSeconds: 3 }))).toBe(3);
  expect(askedToWaitSeconds(new ConnectionError("NOT_WEIR", "", { retryAfterSeconds: 9 }))).toBe(9);
  expect(askedToWaitSeconds(new Error("x"))).toBe(0);
});
