import { expect, test } from "vitest";
import { rowsOfReport, sendAt, type Waiting } from "./batching.ts";

const TIMES = { batchMs: 50, batchEvents: 500, batchBytes: 256 * 1024 };
const waiting = (o: Partial<Waiting>): Waiting => ({
  events: 1,
  bytes: 100,
  since: 1_000,
  over: false,
  burst: 0,
  ...o,
});

test("nothing waits: nothing is due", () => {
  expect(sendAt(waiting({ events: 0 }), TIMES)).toBe(Number.POSITIVE_INFINITY);
});

test("the first events of a run go almost at once, a burst settles at the configured delay", () => {
  const delays = [0, 1, 2, 3, 4, 5, 1_000].map((burst) => sendAt(waiting({ burst }), TIMES) - 1_000);
  expect(delays).toEqual([3, 6, 12, 24, 48, 50, 50]);
});

test("many events, many bytes, and the end of the flow do not wait", () => {
  for (const full of [{ events: 500 }, { bytes: 256 * 1024 }, { over: true }])
    expect(sendAt(waiting({ burst: 9, ...full }), TIMES)).toBe(1_000);
});

test("a report takes as many rows as fit, and one that is too large alone", () => {
  const most = { reportEvents: 10, reportBytes: 1_000 };
  const row = (events: number, bytes: number) => ({ events, bytes });
  expect(rowsOfReport([], most)).toBe(0);
  expect(rowsOfReport([row(4, 1), row(6, 1), row(1, 1)], most)).toBe(2);
  expect(rowsOfReport([row(1, 600), row(1, 600)], most)).toBe(1);
  expect(rowsOfReport([row(99, 9_999), row(1, 1)], most)).toBe(1);
});
