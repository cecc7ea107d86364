import type { StateName } from "@weir/protocol";
import { expect, test } from "vitest";
import { restartedRows, type TaskRunRow } from "./task-run-rows.ts";

type Given = Partial<TaskRunRow> & { readonly number: number };

const row = (given: Given): TaskRunRow => ({
  task: `t${given.number}`,
  ordinal: 0,
  upstream: [],
  tryNumber: 1,
  state: "Success",
  location: `memory:${given.number}`,
  ...given,
});

const again = (rows: readonly Given[]): number[] =>
  restartedRows(rows.map((given) => row(given)))
    .filter(({ state }) => state === "Pending")
    .map(({ number }) => number);

const mapped: StateName = "Mapped";

test("what did not succeed begins again, with all that depends on it, and forgets its tries and its result", () => {
  expect(again([{ number: 1 }, { number: 2, state: "Failed", upstream: [1] }, { number: 3, upstream: [2] }])).toEqual([
    2, 3,
  ]);
  expect(restartedRows([row({ number: 1, state: "Cancelled" })])).toEqual([
    { number: 1, task: "t1", ordinal: 0, upstream: [], state: "Pending", tryNumber: 0 },
  ]);
});

test("a child takes what consumes the list along, but not its siblings; a map over the map goes index by index", () => {
  const rows: Given[] = [
    { number: 1, state: mapped, mapCount: 2 },
    { number: 2, parent: 1, mapIndex: 0 },
    { number: 3, parent: 1, mapIndex: 1, state: "Failed" },
    { number: 4, state: mapped, mapCount: 2, upstream: [1] },
    { number: 5, parent: 4, mapIndex: 0 },
    { number: 6, parent: 4, mapIndex: 1 },
    { number: 7, upstream: [4] },
  ];
  expect(again(rows)).toEqual([3, 6, 7]);
});

test("a subflow that failed begins again, and what had succeeded in it does not", () => {
  const rows: Given[] = [
    { number: 1, state: "Failed" },
    { number: 2, parent: 1 },
    { number: 3, parent: 1, state: "Failed" },
  ];
  expect(again(rows)).toEqual([1, 3]);
});
