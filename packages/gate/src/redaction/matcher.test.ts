import fc from "fast-check";
import { expect, test } from "vitest";
import { Matcher } from "./matcher.ts";

/** Which characters of a text a search for each string alone covers. */
function covered(text: string, needles: readonly string[]): boolean[] {
  const marks = Array.from({ length: text.length }, () => false);
  for (const needle of needles)
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1))
      marks.fill(true, at, at + needle.length);
  return marks;
}

function coveredBy(matcher: Matcher, text: string): boolean[] {
  const marks = Array.from({ length: text.length }, () => false);
  for (const [start, end] of matcher.find(text)) marks.fill(true, start, end);
  return marks;
}

const few = fc.constantFrom("a", "b", "c", "é", "☃");

test("the matcher finds what a search for each string finds, short and long ones, whenever they were added", () => {
  const needle = fc.oneof(
    fc.string({ minLength: 3, maxLength: 7, unit: few }),
    fc.string({ minLength: 12, maxLength: 18, unit: few }),
    fc.string({ minLength: 60, maxLength: 80, unit: few }),
  );
  const batches = fc.array(fc.array(needle, { maxLength: 5 }), { minLength: 1, maxLength: 3 });
  const text = fc.array(fc.oneof(needle, fc.nat({ max: 14 })), { maxLength: 8 });
  const property = fc.property(batches, text, (added, pieces) => {
    const needles = added.flat();
    // Most random texts hold none: numbers stand for the strings themselves.
    const whole = pieces.map((piece) => (typeof piece === "number" ? (needles[piece] ?? "-") : piece)).join("");
    const matcher = new Matcher();
    for (const batch of added) matcher.add(batch);
    expect(coveredBy(matcher, whole)).toEqual(covered(whole, needles));
  });
  fc.assert(property, { numRuns: 1_000 });
});

test("a matcher without strings finds nothing, and strings of one and two characters are passed over", () => {
  const matcher = new Matcher();
  expect(matcher.find("abc")).toEqual([]);
  matcher.add(["a", "ab"]);
  expect(matcher.find("abc")).toEqual([]);
});

test("a thousand strings in a text that is made of their beginnings cost no more than its length", () => {
  const matcher = new Matcher();
  const needles = Array.from({ length: 1_000 }, (_, i) => `${"a".repeat(20)}${i}`);
  matcher.add(needles);
  expect(matcher.find("a".repeat(20_000))).toEqual([]);
  expect(matcher.find(`${"a".repeat(20_000)}999`)).toEqual([[19_980, 20_003]]);
});
