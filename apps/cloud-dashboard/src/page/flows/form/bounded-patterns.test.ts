import type { Json } from "@weir/protocol";
import { LIMITS } from "@weir/protocol/limits";
import { expect, test } from "vitest";
import { boundedPatterns } from "./bounded-patterns.ts";
import { makeChecker } from "./field-problems.ts";

const told = (schema: Json, value: Json) =>
  makeChecker(schema)
    .problemsOf(value)
    .map(({ path, message }) => `${path.join(".")}: ${message}`);

/** Up to which length a pattern is checked; null: at any, 0: at none. */
function checkedUpTo(pattern: string): number | null {
  const bounded = boundedPatterns({ pattern }) as { pattern?: string; allOf?: { if: { minLength: number } }[] };
  return bounded.pattern === undefined ? (bounded.allOf?.[0]?.if.minLength ?? 1) - 1 : null;
}

test.each([
  "",
  "^$",
  "^\\d{4}-\\d{2}-\\d{2}$",
  "^[a-z][a-z0-9-]{0,62}$",
  "^[^\\]/]+$",
  "^s3://[a-z0-9.-]+$",
  "^(?:eu|us)-(?:west|east)-[1-3]$",
  "^(?:\\d{3}-)*\\d{4}$",
  "^\\p{L}+\\u{1F600}\\x41\\cA\\.$",
  "^(?=.{1,40}$)\\w+$",
  "^(?<year>\\d{4})\\k<year>$",
])("%j is quick on any text", (pattern) => {
  expect(checkedUpTo(pattern)).toBeNull();
});

test.each([
  ["[a-z]+x", 256],
  ["^\\d+\\.\\d+$", 256],
  ["a|b+c", 256],
  ["^.*.*.*$", 16],
  ["^(?:a|b)*$", 8],
  ["^(a+)+$", 1],
  ["^(?:a|a)+$", 8],
  ["^(a?){30}a{30}$", 0],
  ["^(?:[a-z]+\\s?)+$", 1],
  ["^(?:){1000000}$", 0],
  ["(?=(a+)+$)", 1],
  ["^(\\w+\\s)*\\1+$", 1],
  ["(", 0],
  ["^a\\-b$", 0],
])("%j is checked on texts of up to %i letters", (pattern, letters) => {
  expect(checkedUpTo(pattern)).toBe(letters);
});

test("a text that a pattern could backtrack on is left to the cloud, a short one is checked", () => {
  const schema = { properties: { slow: { pattern: "^(?:a|a)+$" }, day: { pattern: "^\\d{4}$" } } };
  expect(told(schema, { slow: `${"a".repeat(60)}!`, day: "x" })).toEqual(["day: does not match its pattern"]);
  expect(told(schema, { slow: "aaa!", day: "2026" })).toEqual(["slow: does not match its pattern"]);
  expect(told({ properties: { slow: { pattern: "^(a+)+$" } } }, { slow: `${"a".repeat(60)}!` })).toEqual([]);
});

test("wherever a pattern stands, it is bounded: behind references, in forms, in names", () => {
  const text = `${"a".repeat(60)}!`;
  const slow = { pattern: "^(a|a)*$" };
  const schemas: Json[] = [
    { $ref: "#/$defs/a", $defs: { a: { properties: { x: slow } } } },
    { $ref: "#/parts/a", parts: { a: { properties: { x: slow } } } },
    { properties: { x: { anyOf: [slow, { allOf: [slow], pattern: "^(a|a)*$" }] } } },
    { properties: { x: { not: { not: slow } } } },
    { additionalProperties: { if: slow, else: slow } },
    { properties: { default: slow, enum: slow, pattern: slow, properties: slow } },
  ];
  const value = { x: text, default: text, enum: text, pattern: text, properties: text };
  for (const schema of schemas) {
    expect(told(schema, value)).toEqual([]);
    expect(makeChecker(schema).fits({ allOf: [slow] }, text)).toBe(true);
  }
  expect(told({ propertyNames: slow }, { [text]: 1 })).toEqual([]);
});

test("what is left to the cloud makes nothing wrong by being taken", () => {
  const slow = { pattern: "^(?:a|b)*$" };
  const text = "c".repeat(60);
  const schemas: Json[] = [
    { not: slow },
    { oneOf: [slow, { type: "string" }] },
    { oneOf: [slow, { type: "string" }], anyOf: [{ type: "string" }] },
    { if: { not: slow }, else: false, allOf: [{ type: "string" }] },
    { $ref: "#/$defs/not", $defs: { not: { not: { $ref: "#/$defs/slow" } }, slow } },
  ];
  expect(schemas.map((schema) => told(schema, text))).toEqual(schemas.map(() => []));
  expect(told({ contains: slow, maxContains: 1 }, [text, text])).toEqual([]);
  // What would be wrong anyhow is told.
  expect(told({ oneOf: [slow, { type: "string" }], anyOf: [{ type: "null" }] }, text)).toHaveLength(1);
  expect(told({ oneOf: [{ type: "number" }, { ...slow, type: "null" }] }, text)).toHaveLength(1);
  // Without such a pattern all is as the schema says.
  expect(told({ oneOf: [{ pattern: "^c+$" }, { type: "string" }] }, text)).toHaveLength(1);
});

test("data that looks like a pattern stays what it is", () => {
  const data = { pattern: "^(a+)+$" };
  expect(boundedPatterns({ enum: [data], const: data, default: data })).toEqual({
    enum: [data],
    const: data,
    default: data,
  });
  const schema = { properties: { x: { allOf: [{ minLength: 2 }], pattern: "^(?:a|b)*$" } } };
  expect(told(schema, { x: "c" })).toHaveLength(2);
  expect(boundedPatterns({ allOf: "odd", pattern: "^(?:a|b)*$" })).toEqual({ allOf: "odd" });
});

test("patterns of names are quick on any name, or there is no check here", () => {
  const schema = { patternProperties: { "^x-": { type: "number" } }, additionalProperties: false };
  expect(told(schema, { "x-a": "1", b: 2 })).toEqual(["x-a: must be number", "b: is not a parameter of this flow"]);
  expect(() => makeChecker({ patternProperties: { "^(a+)+$": {} } })).toThrow(/could take long/);
  expect(() => makeChecker({ properties: { a: { patternProperties: { "a+b": {} } } } })).toThrow(/could take long/);
});

test("a text as long as parameters may be is checked where the pattern is quick", () => {
  const schema = { properties: { x: { pattern: "^[a-z]+$" } } };
  expect(told(schema, { x: `${"a".repeat(LIMITS.parametersBytes - 1)}!` })).toEqual(["x: does not match its pattern"]);
});
