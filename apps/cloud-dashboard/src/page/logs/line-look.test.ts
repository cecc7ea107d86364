import { expect, test } from "vitest";
import { clockText, cssColour, foundParts, taskColour } from "./line-look.ts";

test("what was looked for is found in whatever case, as often as it is there", () => {
  expect(foundParts("May and MAY", "may")).toEqual(["", "May", " and ", "MAY", ""]);
  expect(foundParts("June", "may")).toEqual(["June"]);
  expect(foundParts("June", "")).toEqual(["June"]);
  expect(foundParts("aaa", "aa")).toEqual(["", "aa", "a"]);
  // "İ" is longer in lower case.
  expect(foundParts("İx", "x")).toEqual(["İx"]);
});

test("a time is told in the zone that a person chose", () => {
  expect(clockText("2026-01-31T06:30:00.125Z", "UTC")).toBe("06:30:00.125");
  expect(clockText("2026-01-31T06:30:00.125Z", "Asia/Tokyo")).toBe("15:30:00.125");
});

test("a task keeps its colour, and named colours have two faces", () => {
  expect(taskColour("load")).toBe(taskColour("load"));
  expect(taskColour("load")).not.toBe(taskColour("parse"));
  expect(cssColour("bright-red")).toMatch(/^light-dark\(/);
  expect(cssColour("rgb(1, 2, 3)")).toBe("rgb(1, 2, 3)");
});
