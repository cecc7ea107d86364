import { expect, test } from "vitest";
import { idTime, isId, lowestIdAt, makeId } from "./ids.ts";

test("an id holds its time and sorts by it", () => {
  const before = Date.now();
  const id = makeId();
  expect(isId(id)).toBe(true);
  expect(idTime(id)).toBeGreaterThanOrEqual(before);
  expect(lowestIdAt(before) <= id && id < lowestIdAt(before + 60_000)).toBe(true);
});

test("nothing but an id is one", () => {
  for (const text of ["", "..", "0".repeat(36), "00000000-0000-4000-8000-000000000000", `${makeId()}/..`])
    expect(isId(text)).toBe(false);
});
