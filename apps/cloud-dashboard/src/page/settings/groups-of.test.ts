import { expect, test } from "vitest";
import { groupsOf } from "./groups-of.ts";

test("a secret is told in groups, and nothing of it is lost", () => {
  expect(groupsOf("ABCDEFGHIJ", 4)).toBe("ABCD EFGH IJ");
  expect(groupsOf("ABCDEFGH", 4)).toBe("ABCD EFGH");
  expect(groupsOf("", 4)).toBe("");
});
