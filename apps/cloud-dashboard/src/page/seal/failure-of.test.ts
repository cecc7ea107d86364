import { expect, test } from "vitest";
import { chainOf, failureOf } from "./failure-of.ts";

test.each([null, undefined, "Error: x", 7, [], {}, { name: "E" }, { name: 1, message: "x" }])(
  "%j is no failure",
  (value) => expect(failureOf(value)).toBeNull(),
);

test("a failure is told with its causes and with what it holds, in order", () => {
  const leaf = (message: string) => ({ name: "E", message });
  const failure = { ...leaf("top"), cause: { ...leaf("cause"), cause: leaf("root") }, errors: [leaf("a"), leaf("b")] };
  expect(failureOf(failure)).toBe(failure);
  expect(chainOf(failure).map(({ failure: { message }, role, depth }) => [message, role, depth])).toEqual([
    ["top", "", 0],
    ["cause", "caused by", 1],
    ["root", "caused by", 2],
    ["a", "one of", 1],
    ["b", "one of", 1],
  ]);
});

test("a chain without an end is cut", () => {
  const failure = { name: "E", message: "again" };
  Object.assign(failure, { cause: failure });
  expect(chainOf(failure)).toHaveLength(9);
});
