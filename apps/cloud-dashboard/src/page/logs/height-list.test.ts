import { expect, test } from "vitest";
import { HeightList } from "./height-list.ts";

const PARTS = ["a", "b", "c"].map((key) => ({ key }));

test("parts begin where those before them end, measured or guessed", () => {
  const list = new HeightList();
  list.set(PARTS, (index) => 10 * (index + 1));
  expect([list.startOf(0), list.startOf(1), list.startOf(2), list.total]).toEqual([0, 10, 30, 60]);
  expect(list.measure("b", 5)).toBe(true);
  expect(list.measure("b", 5)).toBe(false);
  expect([list.total, list.isMeasured(1)]).toEqual([60, false]);
  list.set(PARTS, () => 10);
  expect([list.startOf(2), list.total, list.isMeasured(1), list.isMeasured(2)]).toEqual([15, 25, true, false]);
  list.forget();
  list.set(PARTS, () => 10);
  expect(list.total).toBe(30);
});

test("a part is found by its height and by its key", () => {
  const list = new HeightList();
  list.measure("b", 0);
  list.set(PARTS, () => 10);
  expect([-5, 0, 9, 10, 19, 500].map((offset) => list.indexAt(offset))).toEqual([0, 0, 0, 2, 2, 2]);
  expect([list.indexOf("c"), list.indexOf("x"), list.keyAt(0), list.keyAt(9)]).toEqual([2, -1, "a", ""]);
  expect(new HeightList().indexAt(7)).toBe(0);
});
