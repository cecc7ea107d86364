import { expect, test, vi } from "vitest";
import { type AskLines, LogBook } from "./log-book.ts";
import type { LogLine } from "./segments.ts";

const line = (attempt: number, number: number, text = "x"): LogLine => ({
  attempt,
  number,
  at: "2026-01-31T06:30:00.000Z",
  level: "info",
  text,
  logger: "flow",
  taskRunNumber: null,
  task: null,
});
const extent = (last: number) => [{ attempt: 1, first: 1, last, lines: 1, isMore: false }];

/** A cloud with a line at every number up to `last`. */
function cloudOf(last: () => number) {
  const asked: string[] = [];
  const now = { most: 0, open: 0 };
  const ask: AskLines = async (attempt, after, before) => {
    asked.push(`${after}-${before}`);
    now.most = Math.max(now.most, (now.open += 1));
    await Promise.resolve();
    now.open -= 1;
    const numbers = Array.from({ length: before - after - 1 }, (_, index) => after + 1 + index);
    return { lines: numbers.filter((number) => number <= last()).map((number) => line(attempt, number)), next: null };
  };
  return { ask, asked, now };
}
const numbersOf = (book: LogBook) => book.view().segments.map(({ lines }) => lines?.length ?? null);

test("what is looked at is asked for, once, and a few at a time", async () => {
  const { ask, asked, now } = cloudOf(() => 1_000);
  const book = new LogBook(ask, 100);
  book.setExtents(extent(1_000));
  expect(asked).toEqual([]);
  const keys = book.view().segments.map(({ key }) => key);
  book.want(keys.slice(2, 9));
  book.want(keys.slice(2, 9));
  await vi.waitFor(() => expect(numbersOf(book)).toEqual([null, null, 100, 100, 100, 100, 100, 100, 100, null]));
  expect(asked).toHaveLength(7);
  expect(now.most).toBe(3);
});

test("a span that is seen grows with its attempt, and only what is new is asked for", async () => {
  let last = 30;
  const { ask, asked } = cloudOf(() => last);
  const book = new LogBook(ask, 100);
  book.setExtents(extent(30));
  book.want(["1.1"]);
  await vi.waitFor(() => expect(numbersOf(book)).toEqual([30]));
  last = 120;
  book.setExtents(extent(120));
  await vi.waitFor(() => expect(numbersOf(book)).toEqual([100, null]));
  expect(asked).toEqual(["0-101", "30-101"]);
});

test("lines far from what is seen are dropped", async () => {
  const { ask } = cloudOf(() => 1_000);
  const book = new LogBook(ask, 100, 4);
  book.setExtents(extent(1_000));
  for (const { key } of book.view().segments) {
    book.want([key]);
    await vi.waitFor(() => expect(book.view().segments.find((one) => one.key === key)?.lines).toHaveLength(100));
  }
  book.want(["1.901"]);
  expect(numbersOf(book)).toEqual([null, null, null, null, null, null, 100, 100, 100, 100]);
  expect(book.view().segments.map(({ count }) => count)).toEqual(Array.from({ length: 10 }, () => 100));
});

test("after an error nothing is asked for until somebody says so", async () => {
  let fails = true;
  const { ask, asked } = cloudOf(() => 100);
  const book = new LogBook((...args) => (fails ? Promise.reject(new Error("away")) : ask(...args)), 100);
  book.setExtents(extent(100));
  book.want(["1.1"]);
  await vi.waitFor(() => expect(book.view().error).toMatchObject({ message: "away" }));
  fails = false;
  book.want(["1.1"]);
  expect(asked).toEqual([]);
  book.again();
  await vi.waitFor(() => expect(numbersOf(book)).toEqual([100]));
  expect(book.view().error).toBeNull();
});

test("it knows when a sealed line was seen", async () => {
  const texts = ["sealed: the envelope", "sealed:eyJhbGciOiJkaXIifQ.x"];
  for (const text of texts) {
    const book = new LogBook(() => Promise.resolve({ lines: [line(1, 1, text)], next: null }), 100);
    book.setExtents(extent(1));
    book.want(["1.1"]);
    await vi.waitFor(() => expect(numbersOf(book)).toEqual([1]));
    expect(book.view().hasSealed).toBe(text === texts[1]);
  }
});

test("a book that is closed shows no error of what it had asked", async () => {
  const book = new LogBook(
    (_attempt, _after, _before, signal) =>
      new Promise((_answer, fail) => signal.addEventListener("abort", () => fail(new Error("left")))),
    100,
  );
  book.setExtents(extent(1));
  book.want(["1.1"]);
  book.close();
  await Promise.resolve();
  await Promise.resolve();
  expect(book.view().error).toBeNull();
});
