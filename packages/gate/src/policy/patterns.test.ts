import { expect, test } from "vitest";
import { policyOf, problemsOf } from "./testing/policy-of.ts";

const listed = (...patterns: { name: string; pattern: string }[]): string =>
  `version: 1\nredact:\n  patterns:\n${patterns.map((one) => `    - ${JSON.stringify(one)}\n`).join("")}`;

test("patterns of RE2 are taken as they stand", async () => {
  const patterns = ["[A-Z]{2}[0-9]{20}", "(?i)customer-\\d+", "(a+)+b", "\\bsecret\\b", "\\p{L}+@example"].map(
    (pattern, index) => ({ name: `p${index}`, pattern }),
  );
  expect((await policyOf(listed(...patterns))).redaction.patterns).toEqual(patterns);
});

test.each([
  ["looks ahead", "password(?=:)", "no look-around"],
  ["looks behind", "(?<=password: ).+", "no look-around"],
  ["looks that something is not behind", "(?<!x)y", "no look-around"],
  ["refers back", "(a+)\\1", "no back references"],
  ["is open", "([a-z]", "missing closing"],
  ["explodes", "((a{100}){10}){1}b{1000}c{1000}d{1000}", "explodes"],
  ["is longer than any needs to be", "a".repeat(1_001), "has 1001 characters; the most is 1000"],
  ["matches the empty text", "x*", "fits the empty text"],
  ["matches the empty text at a word's edge", "\\b", "fits the empty text"],
  ["is empty", "", "is an empty text"],
])("a pattern that %s is refused when the file is read, with its line", async (_what, pattern, sentence) => {
  const [problem, ...more] = await problemsOf(listed({ name: "good", pattern: "x" }, { name: "bad", pattern }));
  expect(problem).toMatch(/^5:\d+: redact\.patterns\[1\]\.pattern /);
  expect(problem).toContain(sentence);
  expect(more).toEqual([]);
});

test("two patterns of one name are refused, since a struck-out text says which it was", async () => {
  const twins = listed({ name: "iban", pattern: "a" }, { name: "iban", pattern: "b" });
  expect(await problemsOf(twins)).toEqual(['5:15: redact.patterns[1].name stands in the list twice: "iban".']);
});
