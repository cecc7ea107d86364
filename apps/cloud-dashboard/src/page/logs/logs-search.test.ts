import { expect, test } from "vitest";
import { levelsFrom, placeText, readLogsSearch, readPlace } from "./logs-search.ts";

test("an address is read, and what is not understood is left out", () => {
  const whole = { level: "warn", q: "May", taskRun: 3, attempt: 2, wrap: true };
  expect(readLogsSearch(whole)).toEqual(whole);
  expect(readLogsSearch({ q: 42 })).toEqual({ q: "42" });
  const odd = { level: "loud", q: ["x"], taskRun: -1, attempt: 2 ** 31, wrap: "yes", other: 1 };
  expect(readLogsSearch(odd)).toEqual({});
  expect(readLogsSearch({ level: "trace", q: "", taskRun: 1.5 })).toEqual({});
  expect(readLogsSearch({ q: "x".repeat(300) }).q).toHaveLength(200);
});

test("a level stands for itself and all above it", () => {
  expect(levelsFrom("warn")).toEqual(["warn", "error", "fatal"]);
  expect(levelsFrom(undefined)).toBeNull();
});

test("a line's place is read as it is written", () => {
  expect(readPlace(placeText({ attempt: 2, number: 1_234 }))).toEqual({ attempt: 2, number: 1_234 });
  expect(readPlace("#1.7")).toEqual({ attempt: 1, number: 7 });
  for (const hash of ["", "#main", "1", "1.", "1.2.3", "-1.2", "1.99999999999", '1.2"]'])
    expect(readPlace(hash)).toBeNull();
});
