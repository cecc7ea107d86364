import { expect, test } from "vitest";
import { Buckets } from "./buckets.ts";

function bucketsAt(perMinute: number): { buckets: Buckets; pass: (seconds: number) => void } {
  let now = 0;
  return { buckets: new Buckets(perMinute, () => now), pass: (seconds) => (now += seconds * 1000) };
}

test("a bucket gives what it holds, and tells how long until there is enough again", () => {
  const { buckets, pass } = bucketsAt(60);
  expect(buckets.secondsUntil("a", 60)).toBe(0);
  buckets.take("a", 60);
  expect(buckets.secondsUntil("a", 5)).toBe(5);
  pass(4);
  expect(buckets.secondsUntil("a", 5)).toBe(1);
  pass(1);
  expect(buckets.secondsUntil("a", 5)).toBe(0);
  expect(buckets.secondsUntil("b", 60)).toBe(0);
});

test("a bucket never holds more than is given in a minute, however long nobody asks", () => {
  const { buckets, pass } = bucketsAt(60);
  pass(3600);
  buckets.take("a", 60);
  expect(buckets.secondsUntil("a", 1)).toBe(1);
});

test("what is more than a bucket holds is given by a full one, and waited for after", () => {
  const { buckets } = bucketsAt(60);
  expect(buckets.secondsUntil("a", 200)).toBe(0);
  buckets.take("a", 200);
  expect(buckets.secondsUntil("a", 1)).toBe(141);
});

test("0 is no limit", () => {
  const { buckets } = bucketsAt(0);
  buckets.take("a", 1_000_000_000);
  expect(buckets.secondsUntil("a", 1_000_000_000)).toBe(0);
});

test("a crowd of names does not make a bucket that is empty a full one", () => {
  const { buckets, pass } = bucketsAt(60);
  for (let n = 0; n < 50_000; n += 1) buckets.take(`n${n}`, n === 49_999 ? 60 : 1);
  pass(2);
  buckets.take("one more", 1);
  expect(buckets.secondsUntil("n49999", 10)).toBe(8);
});
