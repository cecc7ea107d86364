import { expect, test } from "vitest";
import { parse } from "./graphql-js.ts";
import { checkText } from "./limit-text.ts";
import { QUERY_LIMITS } from "./query-limits.ts";

const LIMITS = { tokens: 20, nesting: 4 };
const nested = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;

test.each([
  ["as many tokens as are allowed", "{ ".repeat(4) + "a ".repeat(12) + "} ".repeat(4)],
  [
    "a comment and a block string, which are one token or none",
    `{ a(b: """${"c ".repeat(99)}""") } # ${"d ".repeat(99)}`,
  ],
  ["brackets within a string", `{ a(b: "${"[".repeat(99)}") }`],
  ["brackets that were closed", "{ a } ".repeat(5)],
])("%s pass", (_what, text) => {
  expect(() => checkText(text, LIMITS)).not.toThrow();
});

test.each([
  ["one token more", "a ".repeat(21), /more than 20 tokens/],
  ["one level more", nested(5), /more than 4 levels/],
  ["levels of three kinds", "{ a(b: [{c: {", /more than 4 levels/],
  ["a character of no token", "{ \u0000 }", /Syntax Error/],
])("%s: refused", (_what, text, message) => {
  expect(() => checkText(text, LIMITS)).toThrow(message);
});

test("what passes the cloud's own bounds does not run the parser out of stack", () => {
  const text = `{ a(b: ${nested(QUERY_LIMITS.nesting - 2)}) }`;
  expect(() => checkText(text, QUERY_LIMITS)).not.toThrow();
  expect(parse(text).definitions).toHaveLength(1);
  expect(() => checkText(`{ a(b: ${nested(QUERY_LIMITS.nesting)}) }`, QUERY_LIMITS)).toThrow(/levels deep/);
});
