import fc from "fast-check";
import { expect, test } from "vitest";
import { didYouMean } from "./did-you-mean.ts";
import { fits } from "./name-pattern.ts";

test.each([
  ["pay", "pay", true],
  ["pay", "payment", false],
  ["pay*", "payment", true],
  ["pay*", "pay", true],
  ["*pay", "repay", true],
  ["*-eu-*", "pay-eu-1", true],
  ["*-eu-*", "pay-us-1", false],
  ["a*b*a", "aba", true],
  ["a*a", "a", false],
  ["ab*ba", "aba", false],
  ["*", "", true],
  ["**", "x", true],
  ["p.y", "pay", false],
  ["Pay", "pay", false],
])("%j and the name %j: %s", (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected);
});

test("a pattern fits as the regular expression of the same meaning does", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
  fc.assert(
    fc.property(word, name, (pattern, text) => {
      expect(fits(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text));
    }),
  );
});

test("a pattern of many stars takes no time", () => {
  expect(fits(`${"a*".repeat(100)}b`, "a".repeat(200))).toBe(false);
});

test.each([
  ["clases", "classes"],
  ["Classes", "classes"],
  ["loc", "log"],
  ["classes", "classes"],
  ["banana", null],
  [`classes${"s".repeat(50)}`, null],
])("who writes %j may have meant %j", (word, meant) => {
  expect(didYouMean(word, ["classes", "log", "seal", "overrides"])).toBe(meant);
});
