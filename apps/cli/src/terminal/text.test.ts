import { expect, test } from "vitest";
import { doneCells, spanBar } from "./bar.ts";
import { ago, bytes, count, duration } from "./quantity.ts";
import { fit, pad, widthOf, wrap } from "./width.ts";

test("widths are those of the terminal", () => {
  expect([widthOf("abc"), widthOf("東京"), widthOf("👩‍👩‍👧"), widthOf("é"), widthOf("\u001b[31mred\u001b[0m")]).toEqual([
    3, 4, 2, 1, 3,
  ]);
});

test("a text is cut where it must be, and says so", () => {
  expect([fit("short", 5), fit("longer", 5), fit("東京都", 5)]).toEqual(["short", "long…", "東京…"]);
  expect([pad("a", 3), pad("a", 3, "start")]).toEqual(["a  ", "  a"]);
});

test("lines break at blanks, and inside of a word that is longer than a line", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("abcdefghij k", 4)).toEqual(["abcd", "efgh", "ij k"]);
  expect(wrap("", 4)).toEqual([""]);
});

test("durations, sizes and counts are said in words of people", () => {
  expect([0, 87.4, 1_940, 12_345, 65_000, 11_520_000].map(duration)).toEqual([
    "0 ms",
    "87 ms",
    "1.94 s",
    "12.3 s",
    "1 m 05 s",
    "3 h 12 m",
  ]);
  expect([duration(9_999), duration(59_999)]).toEqual(["10.0 s", "1 m 00 s"]);
  expect([812, 12_345, 1_784_867, 999_700].map(bytes)).toEqual(["812 B", "12.3 kB", "1.8 MB", "1.0 MB"]);
  expect([count(1, "row"), count(20_000, "row")]).toEqual(["1 row", "20,000 rows"]);
  expect([ago(0, 8_000), ago(0, 90_000), ago(0, 86_400_000)]).toEqual(["8 s ago", "1 m ago", "1 d ago"]);
});

test("a bar shows whatever is there, and is full only when all is done", () => {
  expect(spanBar(0, 0.001, 40)).toEqual({ before: 0, length: 1 });
  expect(spanBar(1, 1, 40)).toEqual({ before: 39, length: 1 });
  expect(spanBar(0.25, 0.75, 40)).toEqual({ before: 10, length: 20 });
  expect([doneCells(0, 50, 32), doneCells(49, 50, 32), doneCells(50, 50, 32), doneCells(0, 0, 32)]).toEqual([
    0, 31, 32, 0,
  ]);
});
