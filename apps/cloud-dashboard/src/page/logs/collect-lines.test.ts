import { expect, test } from "vitest";
import { collectLines, MOST_LINES } from "./collect-lines.ts";
import type { LogLine } from "./segments.ts";

const line = (attempt: number, number: number): LogLine => ({
  attempt,
  number,
  at: "2026-01-31T06:30:00.000Z",
  level: "info",
  text: `\u001B[32m${number}`,
  logger: "stdout",
  taskRunNumber: attempt === 2 ? 7 : null,
  task: attempt === 2 ? "load" : null,
});
const extent = (attempt: number, last: number) => ({ attempt, first: 1, last, lines: 1, isMore: false });
/** A cloud that answers pages of 200. */
const ask = async (attempt: number, after: number, before: number) => {
  const numbers = Array.from({ length: Math.min(200, before - after - 1) }, (_, index) => after + 1 + index);
  const last = numbers.at(-1) ?? after;
  return { lines: numbers.map((number) => line(attempt, number)), next: last < before - 1 ? last : null };
};
const open = async (text: string) => text;

test("all pages of all attempts are collected, without colours", async () => {
  const told: number[] = [];
  const { text, isCut } = await collectLines([extent(1, 201), extent(2, 1)], ask, open, (lines) => told.push(lines));
  expect([text.length, isCut, told]).toEqual([202, false, [200, 201, 202]]);
  expect(text[0]).toBe("2026-01-31T06:30:00.000Z info  stdout: 1\n");
  expect(text[201]).toBe("2026-01-31T06:30:00.000Z info  load#7: 1\n");
});

test("a file has a greatest length, and says that it was cut", async () => {
  const { text, isCut } = await collectLines([extent(1, MOST_LINES + 1)], ask, open, () => undefined);
  expect([text.length, isCut]).toEqual([MOST_LINES, true]);
  const whole = await collectLines([extent(1, MOST_LINES)], ask, open, () => undefined);
  expect([whole.text.length, whole.isCut]).toEqual([MOST_LINES, false]);
});
