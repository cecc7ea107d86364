import fc from "fast-check";
import { expect, test } from "vitest";
import { resultPath, safeName } from "./result-path.ts";

test.each([
  ["load", "load"],
  ["Load v1.2_a-b", "Load~20v1.2_a-b"],
  ["..", "~2e."],
  ["../etc", "~2e.~2fetc"],
  ["a\\b", "a~5cb"],
  ["a\u0000b", "a~00b"],
  ["~", "~7e"],
  ["é", "~c3~a9"],
  ["", "~"],
])("the name %j becomes %j in a path", (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test("a long name is cut and hashed, so that it fits and stays its own", () => {
  const [a, b] = [safeName("x".repeat(201)), safeName("x".repeat(202))];
  expect(a).toMatch(/^x{120}~~[0-9a-f]{64}$/);
  expect(a).not.toBe(b);
});

test("any name is one part of a path, and different names differ", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 300 });
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(safeName(one)).toMatch(/^(?!\.)[A-Za-z0-9._~-]{1,200}$/);
      expect(safeName(one) === safeName(other)).toBe(one === other);
    }),
  );
});

test("the path holds flow, run, task, number, map index, attempt and try", () => {
  const where = { runId: "r", flow: "f", task: "t", taskRunNumber: 7, attempt: 2, tryNumber: 3 };
  expect(resultPath(where)).toBe("f/r/t-7-a2-t3.json");
  expect(resultPath({ ...where, mapIndex: 0 })).toBe("f/r/t-7.0-a2-t3.json");
});
