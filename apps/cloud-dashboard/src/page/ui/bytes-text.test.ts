import { expect, test } from "vitest";
import { bytesText } from "./bytes-text.ts";

test("a size is told in the largest unit that leaves something before the point", () => {
  expect([0, 812, 1_000, 12_345, 999_960, 5e12, 5e15].map(bytesText)).toEqual([
    "0 B",
    "812 B",
    "1.0 kB",
    "12.3 kB",
    "1.0 MB",
    "5.0 TB",
    "5000.0 TB",
  ]);
});

test("what is not known is not told", () => {
  expect([null, undefined].map(bytesText)).toEqual(["", ""]);
});
