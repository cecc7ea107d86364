import { expect, test } from "vitest";
import { between } from "./runs-chosen.ts";
import { heldList } from "./runs-list.ts";
import { isSameSearch, readViews } from "./runs-views.ts";

test("views are read as they were kept, and nothing else is", () => {
  const kept = [{ name: "nightly", search: { flow: "f", since: "7d" } }];
  expect(readViews(JSON.stringify([...kept, null, 7, { name: 1, search: {} }, { name: "x" }]))).toEqual(kept);
  expect(readViews(JSON.stringify([{ name: "old", search: { since: "2 weeks" } }]))).toEqual([
    { name: "old", search: {} },
  ]);
  expect([readViews(null), readViews("{"), readViews("{}")]).toEqual([[], [], []]);
});

test("the order in which a search is written does not matter", () => {
  expect(isSameSearch({ state: ["Failed", "Crashed"], flow: "f" }, { flow: "f", state: ["Crashed", "Failed"] })).toBe(
    true,
  );
  expect(isSameSearch({ state: ["Failed"] }, { state: ["Crashed"] })).toBe(false);
  expect(isSameSearch({}, { late: true })).toBe(false);
});

test("what comes while somebody reads further down is held back, and counted", () => {
  const runs = [{ id: "5" }, { id: "4" }, { id: "2" }, { id: "1" }];
  expect(heldList(runs, null)).toEqual({ shown: runs, fresh: 0 });
  expect(heldList(runs, "2")).toEqual({ shown: [{ id: "2" }, { id: "1" }], fresh: 2 });
  // The run that stood first is gone from the list.
  expect(heldList(runs, "3")).toEqual({ shown: [{ id: "2" }, { id: "1" }], fresh: 2 });
});

test("a choice goes from one run to another, whichever stands first", () => {
  const runs = ["a", "b", "c", "d"].map((id) => ({ id }));
  expect([between(runs, "b", "d"), between(runs, "c", "a"), between(runs, "b", "b")]).toEqual([
    ["b", "c", "d"],
    ["a", "b", "c"],
    ["b"],
  ]);
  // What was chosen before is gone.
  expect(between(runs, "x", "c")).toEqual(["c"]);
});
