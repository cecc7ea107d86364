import { expect, test } from "vitest";
import { reasonText } from "./runs-reason.ts";

test("of a failure that repeats what failed before it, the one that was first is told", () => {
  const first = { name: "RangeError", message: "line 7", cause: { name: "Error", message: "below" } };
  const repeated = { name: "WeirError", code: "UPSTREAM_FAILED", message: "it did not run" } as const;
  expect(reasonText({ ...repeated, cause: { ...repeated, cause: first } })).toBe("RangeError: line 7");
  expect(reasonText(repeated)).toBe("WeirError: it did not run");
});

test("a name that says nothing is left out", () => {
  expect(reasonText({ name: "Error", message: "no such file" })).toBe("no such file");
});
