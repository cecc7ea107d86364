import { expect, test } from "vitest";
import { changedTasks, parameterPairs, taskPairs } from "./run-comparison.ts";
import { taskRow } from "./testing/task-row.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

test("parameters that differ come first; the order of keys is no difference", () => {
  const pairs = parameterPairs({ day: "mon", top: { a: 1, b: 2 }, old: null }, { day: "tue", top: { b: 2, a: 1 } });
  expect(pairs?.map(({ name, isSame }) => [name, isSame])).toEqual([
    ["day", false],
    ["old", false],
    ["top", true],
  ]);
  expect(pairs?.[1]).toEqual({ name: "old", one: null, other: undefined, isSame: false });
});

test("what has no names cannot be compared by name", () => {
  expect(parameterPairs("weir:sealed…", {})).toBeNull();
  expect(parameterPairs({}, [1])).toBeNull();
  expect(parameterPairs(null, { a: 1 })).toHaveLength(1);
});

const ONE = [
  taskRow({ number: 1, task: "list", startedAt: at(0), endedAt: at(1) }),
  taskRow({ number: 2, task: "read", mapCount: 2, state: "Mapped", tryNumber: 0 }),
  taskRow({ number: 3, task: "read", mapIndex: 0, startedAt: at(1), endedAt: at(4), tryNumber: 2, state: "Failed" }),
  taskRow({ number: 4, task: "read", mapIndex: 1, startedAt: at(1), endedAt: at(3) }),
  taskRow({ number: 5, task: "sum", state: "TriggerFailed", tryNumber: 0 }),
];
const OTHER = [
  taskRow({ number: 1, task: "list", startedAt: at(0), endedAt: at(2) }),
  taskRow({ number: 2, task: "check", startedAt: at(2), endedAt: at(3) }),
  taskRow({ number: 3, task: "read", mapCount: 2, state: "Mapped", tryNumber: 0 }),
  taskRow({ number: 4, task: "read", mapIndex: 0, startedAt: at(1), endedAt: at(2) }),
  taskRow({ number: 5, task: "read", mapIndex: 1, startedAt: at(1), endedAt: at(2) }),
  taskRow({ number: 6, task: "sum" }),
];

test("tasks stand side by side with what they took; a map counts by its children", () => {
  const pairs = taskPairs(ONE, OTHER);
  expect(pairs.map(({ task, differs }) => [task, differs])).toEqual([
    ["list", false],
    ["read", true],
    ["sum", true],
    ["check", true],
  ]);
  expect(pairs[1]?.one).toEqual({
    count: 2,
    byState: new Map([
      ["Failed", 1],
      ["Success", 1],
    ]),
    failed: 1,
    tries: 3,
    ranMs: 5_000,
    longestMs: 3_000,
  });
  expect(pairs[3]?.one).toBeNull();
});

test("the same call is found whatever its number is, and told where it ended otherwise", () => {
  expect(changedTasks(ONE, OTHER).map(({ one, other }) => [one.number, other.number, other.state])).toEqual([
    [3, 4, "Success"],
    [5, 6, "Success"],
  ]);
});

test("calls of one task without key or place are the same by their order", () => {
  const calls = (states: ("Success" | "Failed")[]) =>
    states.map((state, index) => taskRow({ number: index + 1, state }));
  const changed = changedTasks(calls(["Success", "Failed"]), calls(["Success", "Success", "Failed"]));
  expect(changed.map(({ one, other }) => [one.number, other.number])).toEqual([[2, 2]]);
});
