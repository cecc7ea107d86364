import { expect, test } from "vitest";
import { canonicalJson, jsonProblem } from "./json.ts";

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

test("plain data is fine, up to the deepest level", () => {
  expect(jsonProblem({ a: [1, "x", null, { b: false }] }, "parameters")).toBeNull();
  expect(jsonProblem(nested(64), "parameters")).toBeNull();
});

test("10,000 levels are a sentence, not a stack overflow", () => {
  expect(jsonProblem(nested(10_000), "parameters")).toBe("parameters is nested deeper than 64 levels");
});

test("keys that reach a prototype are refused at any depth", () => {
  const smuggled = JSON.parse('{"a":[{"__proto__":{"admin":true}}]}') as unknown;
  expect(jsonProblem(smuggled, "parameters")).toBe('parameters holds the key "__proto__", which is not allowed');
});

test("numbers that JSON cannot carry are refused", () => {
  expect(jsonProblem({ a: Number.NaN }, "parameters")).toContain("NaN");
});

test("canonical text does not depend on the order of keys, but on that of lists", () => {
  expect(canonicalJson({ b: 1, a: { d: 2, c: 3 } })).toBe('{"a":{"c":3,"d":2},"b":1}');
  expect(canonicalJson([2, 1])).toBe("[2,1]");
});
