import { expect, test } from "vitest";
import { readRunSearch } from "./run-search.ts";

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
