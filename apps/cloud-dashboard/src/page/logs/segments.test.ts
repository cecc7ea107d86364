import { expect, test } from "vitest";
import { emptied, extended, filled, indexOfPlace, isDue, type LogLine, newSegment } from "./segments.ts";

const line = (number: number): LogLine => ({
  attempt: 1,
  number,
  at: "2026-01-31T06:30:00.000Z",
  level: "info",
  text: `line ${number}`,
  logger: "flow",
  taskRunNumber: null,
  task: null,
});
const extent = (attempt: number, first: number, last: number) => ({ attempt, first, last, lines: 1, isMore: false });
const spans = (segments: readonly { attempt: number; from: number; to: number }[]) =>
  segments.map(({ attempt, from, to }) => `${attempt}:${from}-${to}`);

test("attempts are cut into spans, and one that goes on gets more", () => {
  const begun = extended([], [extent(1, 3, 150), extent(3, 7, 8)], 100);
  expect(spans(begun)).toEqual(["1:3-103", "1:103-203", "3:7-107"]);
  const later = extended(begun, [extent(1, 3, 150), extent(3, 7, 250), extent(4, 1, 1)], 100);
  expect(spans(later)).toEqual(["1:3-103", "1:103-203", "3:7-107", "3:107-207", "3:207-307", "4:1-101"]);
  expect(later.slice(0, 3)).toEqual(begun);
});

test("a span is due until all that is known was asked for, and again when more comes", () => {
  const segment = newSegment(1, 1, 101);
  expect(isDue(segment, 40)).toBe(true);
  const [some] = filled(segment, { lines: [line(2), line(40)], next: null }, 40);
  expect(some && [isDue(some, 40), isDue(some, 41), some.count]).toEqual([false, true, 2]);
  const [more] = some ? filled(some, { lines: [line(90)], next: null }, 200) : [];
  expect(more?.lines?.map(({ number }) => number)).toEqual([2, 40, 90]);
  expect(more && isDue(more, 200)).toBe(false);
});

test("lines that came after it was known where they end are not asked for again", () => {
  const [segment] = filled(newSegment(1, 1, 101), { lines: [line(40), line(60)], next: null }, 40);
  expect(segment?.until).toBe(60);
});

test("where the cloud stopped looking, the rest is a span of its own", () => {
  const parts = filled(newSegment(1, 1, 20_001), { lines: [line(5), line(300)], next: 300 }, 90_000);
  expect(spans(parts)).toEqual(["1:1-301", "1:301-20001"]);
  expect(parts.map((part) => [isDue(part, 90_000), part.count])).toEqual([
    [false, 2],
    [true, null],
  ]);
  expect(filled(newSegment(1, 1, 101), { lines: [], next: 100 }, 500)).toHaveLength(1);
});

test("what was dropped is due again, and it stays known how much it was", () => {
  const [segment] = filled(newSegment(1, 1, 101), { lines: [line(5)], next: null }, 100);
  const dropped = segment && emptied(segment);
  expect(dropped).toMatchObject({ lines: null, count: 1, until: 0 });
  expect(dropped && isDue(dropped, 100)).toBe(true);
});

test("a place is in its span, or nowhere", () => {
  const segments = extended([], [extent(1, 3, 150), extent(3, 7, 8)], 100);
  expect(indexOfPlace(segments, { attempt: 1, number: 103 })).toBe(1);
  expect(indexOfPlace(segments, { attempt: 3, number: 7 })).toBe(2);
  expect(indexOfPlace(segments, { attempt: 2, number: 7 })).toBe(-1);
  expect(indexOfPlace(segments, { attempt: 1, number: 2 })).toBe(-1);
});
