import { expect, test } from "vitest";
import { taskRow } from "./testing/task-row.ts";
import { spanOf, viewsOfAttempts } from "./timeline-span.ts";

const BEGIN = Date.UTC(2026, 0, 1);
const at = (second: number) => new Date(BEGIN + second * 1_000).toISOString();
const lived = (number: number, ...life: readonly (readonly [second: number, attempt: number])[]) =>
  taskRow({
    number,
    states: life.map(([second, attempt]) => ({ state: "Running", attempt, at: at(second), refused: null })),
  });

const seconds = (span: { begin: number; end: number } | null) =>
  span && [(span.begin - BEGIN) / 1_000, (span.end - BEGIN) / 1_000];

test("it holds the run and all that happened to its task runs, whatever their clocks say", () => {
  const taskRuns = [lived(1, [4, 1], [6, 1]), lived(2, [9, 1], [31, 1])];
  expect(seconds(spanOf({ startedAt: at(5), endedAt: at(30) }, taskRuns, BEGIN))).toEqual([4, 31]);
  expect(seconds(spanOf({ startedAt: at(1), endedAt: at(50) }, taskRuns, BEGIN))).toEqual([1, 50]);
});

test("what goes on ends now; what has not begun is none", () => {
  expect(seconds(spanOf({ startedAt: at(5), endedAt: null }, [], BEGIN + 8_000))).toEqual([5, 8]);
  expect(spanOf({ startedAt: null, endedAt: null }, [], BEGIN)).toBeNull();
});

test("each attempt can be looked at alone, where there was more than one", () => {
  const first = lived(1, [0, 1], [2, 1]);
  expect(viewsOfAttempts([first], BEGIN).size).toBe(0);
  expect([...viewsOfAttempts([first, lived(2, [1, 1], [3_600, 2], [3_601, 2])], BEGIN)]).toEqual([
    [1, { from: 0, to: 2_000 }],
    [2, { from: 3_600_000, to: 3_601_000 }],
  ]);
});
