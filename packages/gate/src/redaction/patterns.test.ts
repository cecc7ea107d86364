import fc from "fast-check";
import { expect, test } from "vitest";
import { compilePattern, PatternError } from "./patterns.ts";
import { Redactor } from "./redactor.ts";

const CUSTOMER = { name: "customer", pattern: "CUST-[0-9]{8}" };

test("the user's own patterns are struck out with their names; of a pattern with groups, the whole match", () => {
  const redactor = new Redactor({ patterns: [CUSTOMER, { name: "iban", pattern: "(DE)[0-9]{20}" }] });
  expect(redactor.redact("CUST-00000001 pays from DE00123456780123456789 é 😀 CUST-00000002")).toBe(
    "[redacted:customer] pays from [redacted:iban] é 😀 [redacted:customer]",
  );
  expect(redactor.redactAll(["none", "CUST-00000001"])).toEqual(["none", "[redacted:customer]"]);
});

test("where a pattern and a secret overlap, neither is left", () => {
  const redactor = new Redactor({ patterns: [CUSTOMER] });
  redactor.add(["0001-secret"]);
  expect(redactor.redact("CUST-00000001-secret.")).toBe("[redacted].");
});

test("a pattern finds what the same regular expression of JavaScript finds", () => {
  const compiled = compilePattern({ name: "n", pattern: "a+b|c[ab]{2}" });
  const property = fc.property(fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "😀") }), (text) => {
    const expected = [...text.matchAll(/a+b|c[ab]{2}/g)].map(({ index, 0: match }) => [index, index + match.length]);
    expect(compiled.find(text).map(({ start, end }) => [start, end])).toEqual(expected);
  });
  fc.assert(property, { numRuns: 500 });
});

for (const [pattern, says] of [
  ["(?=x)", "has no look-around"],
  [String.raw`(a)\1`, "no back references"],
  ["[", "missing closing ]"],
  ["(a{1000}){1000}", "invalid repeat count"],
  ["(a|b|c){800}", "explodes: it becomes a program of 2402 instructions"],
  ["a*", "fits the empty text"],
  [String.raw`\b`, "fits the empty text"],
  ["a".repeat(1_001), "has 1001 characters; 1000 are allowed"],
] as const) {
  test(`a pattern that cannot be used is refused with a sentence that names it: ${pattern.slice(0, 20)}`, () => {
    const compile = () => compilePattern({ name: "mine", pattern });
    expect(compile).toThrow(PatternError);
    expect(compile).toThrow(`"mine"`);
    expect(compile).toThrow(says);
  });
}

test("a pattern that fits nearly everything ends: what is left of the line is struck out as a whole", () => {
  const compiled = compilePattern({ name: "n", pattern: "a.*z|a" });
  const spans = compiled.find("a".repeat(20_000));
  expect(spans).toHaveLength(1_001);
  expect(spans.at(-1)).toMatchObject({ start: 1_000, end: 20_000 });
});

test("a pattern that backtracking engines take for ever on ends at once", () => {
  expect(compilePattern({ name: "n", pattern: "(a+)+$" }).find(`${"a".repeat(50_000)}b`)).toEqual([]);
});
