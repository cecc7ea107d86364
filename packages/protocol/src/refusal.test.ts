import { expect, test } from "vitest";
import { REFUSALS, Refusal, type RefusalCode } from "./refusal.ts";

test("only what may pass by itself is worth retrying", () => {
  const others = Object.entries(REFUSALS).filter(
    ([, { retryable, status }]) => retryable && status !== 429 && status < 500,
  );
  // Another try of the same request is being worked on: it ends.
  expect(others.map(([code]) => code)).toEqual(["IN_PROGRESS"]);
  for (const [code, kind] of Object.entries(REFUSALS))
    expect(new Refusal(code as RefusalCode, "x").status).toBe(kind.status);
});

test("the body carries code, sentence and what goes with it, and nothing else", () => {
  expect(new Refusal("EVENT_GAP", "a gap", { expected: 7 }).toBody()).toEqual({
    code: "EVENT_GAP",
    message: "a gap",
    expected: 7,
  });
});
