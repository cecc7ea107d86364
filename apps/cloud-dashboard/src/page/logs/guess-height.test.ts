import { expect, test } from "vitest";
import { heightGuess } from "./guess-height.ts";
import { newSegment } from "./segments.ts";

test("a span is guessed to be like those that are known, and one to be looked through to be tall", () => {
  const spans = [newSegment(1, 1, 101), newSegment(1, 101, 201)];
  expect(heightGuess(spans)(1)).toBe(90 * 18);
  const [first, second] = spans;
  if (first === undefined || second === undefined) throw new Error("There are two.");
  const known = heightGuess([{ ...first, count: 50 }, second]);
  expect([known(0), known(1), known(2)]).toEqual([50 * 18, 50 * 18, 0]);
  expect(heightGuess([{ ...first, count: 0 }, second])(1)).toBe(18);
  expect(heightGuess([newSegment(1, 1, 20_001)])(0)).toBe(400);
});
