import { expect, test } from "vitest";
import { readRunSearch, RUN_TABS, shownTab, tabsOf } from "./run-search.ts";

test("what an address says is read again", () => {
  const search = {
    tab: "tasks",
    state: ["Failed", "Crashed"],
    task: "parse",
    by: "duration",
    desc: true,
    open: [2, 7],
    zoom: "0-100",
  };
  expect(readRunSearch(search)).toEqual(search);
});

test("a person may write it shorter", () => {
  expect(readRunSearch({ state: "Failed,Crashed", open: 3, task: 42 })).toEqual({
    state: ["Failed", "Crashed"],
    open: [3],
    task: "42",
  });
});

test("what is not understood is left out", () => {
  const odd = { tab: "constructor", state: ["Gone"], by: {}, desc: "yes", open: [-1, "x", null], zoom: "9-1", more: 1 };
  expect(readRunSearch(odd)).toEqual({});
  expect(readRunSearch({ tab: "timeline" })).toEqual({});
});

test("of a run whose details are forgotten there are the parts that last, and the first of them in the place of one that is gone", () => {
  expect(tabsOf({ isForgotten: false })).toEqual(RUN_TABS);
  expect(shownTab(RUN_TABS, undefined)).toBe("timeline");
  expect(shownTab(RUN_TABS, "logs")).toBe("logs");
  const lasting = tabsOf({ isForgotten: true });
  expect(lasting).toEqual(["states", "parameters", "attempts"]);
  expect([undefined, "logs", "attempts"].map((asked) => shownTab(lasting, asked as "logs" | undefined))).toEqual([
    "states",
    "states",
    "attempts",
  ]);
});
