import { expect, test } from "vitest";
import { NumberSet } from "./number-set.ts";

function setOf(...ranges: [number, number][]): NumberSet {
  const set = new NumberSet();
  for (const [first, last] of ranges) set.add(first, last);
  return set;
}

test("ranges join where they touch, in whatever order they come", () => {
  expect(setOf([1, 3], [4, 6]).ranges()).toBe("1 to 6");
  expect(setOf([8, 9], [1, 3], [5, 5]).ranges()).toBe("1 to 3, 5, 8 to 9");
  expect(setOf([8, 9], [1, 3], [2, 8]).ranges()).toBe("1 to 9");
  expect(setOf([5, 4]).ranges()).toBe("");
});

test("adding tells how many are new", () => {
  const set = setOf([1, 5]);
  expect([set.add(1, 5), set.add(4, 8), set.add(10, 10), set.add(1, 12)]).toEqual([0, 3, 1, 3]);
  expect([set.size, set.last]).toEqual([12, 12]);
});

test("what is in one and not in the other", () => {
  expect(
    setOf([1, 10])
      .without(setOf([1, 1], [4, 5], [10, 12]))
      .ranges(),
  ).toBe("2 to 3, 6 to 9");
  expect(setOf([1, 3]).without(setOf()).ranges()).toBe("1 to 3");
  expect(setOf([1, 3], [7, 9]).below(8).ranges()).toBe("1 to 3, 7");
});
