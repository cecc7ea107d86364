import { expect, test } from "vitest";
import { filterOf, outcomesOf, withOutcome } from "./audit-filter.ts";

const nothing = { action: "", actor: "", outcome: "", from: "", until: "" };
const ENDS = ["done", "refused", "denied", "failed"];

test("without a word, all ends of operations are shown, and none of their beginnings", () => {
  expect(filterOf(nothing)).toEqual({ outcome: ENDS });
  expect(outcomesOf("nonsense")).toEqual(ENDS);
});

test("both days are part of what is shown, in UTC", () => {
  expect(filterOf({ ...nothing, from: "2026-02-28", until: "2026-02-28" })).toMatchObject({
    from: "2026-02-28T00:00:00.000Z",
    before: "2026-03-01T00:00:00.000Z",
  });
  expect(filterOf({ ...nothing, from: "2026-02-31x", until: "yesterday" })).toEqual({ outcome: ENDS });
});

test("action and actor are asked for as they stand", () => {
  expect(filterOf({ ...nothing, action: "setKv", actor: "a1", outcome: "denied" })).toEqual({
    outcome: ["denied"],
    action: "setKv",
    actorId: "a1",
  });
});

test("an outcome is switched off and on again", () => {
  const off = withOutcome("", "done");
  expect(outcomesOf(off)).toEqual(["refused", "denied", "failed"]);
  expect(withOutcome(off, "done")).toBe("");
  expect(outcomesOf(withOutcome("", "asked"))).toEqual([...ENDS, "asked"]);
});
