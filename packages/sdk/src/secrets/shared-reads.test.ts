import { expect, test } from "vitest";
import { SharedReads } from "./shared-reads.ts";

test("a value is kept for its age, counted from when it was there", async () => {
  const clock = { now: 0 };
  const loads: string[] = [];
  const load = async (key: string) => {
    loads.push(key);
    return `${key} ${loads.length}`;
  };
  const reads = new SharedReads(load, 1_000, () => clock.now);
  expect([await reads.read("a"), await reads.read("a"), await reads.read("b")]).toEqual(["a 1", "a 1", "b 2"]);
  clock.now = 999;
  expect(await reads.read("a")).toBe("a 1");
  clock.now = 1_000;
  expect(await reads.read("a")).toBe("a 3");
});
