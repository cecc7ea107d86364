import { expect, test } from "vitest";
import { fakeIo } from "../testing/fake-io.ts";
import { at, BEGIN, taskRun } from "../testing/sample-run.ts";
import { timelineLines, timelineRows } from "./timeline.ts";

const children = (count: number, given: object = {}) =>
  Array.from({ length: count }, (_, mapIndex) =>
    taskRun({
      number: 10 + mapIndex,
      task: "each",
      parent: 2,
      mapIndex,
      startedAt: at(100 + mapIndex),
      endedAt: at(200 + mapIndex),
      ...given,
    }),
  );
const mapped = taskRun({
  number: 2,
  task: "each",
  state: "Mapped",
  mapCount: 50,
  startedAt: at(100),
  endedAt: at(100),
});

test("children of a map are one row with their count, from the first start to the last end", () => {
  const rows = timelineRows([taskRun({ number: 1, task: "load" }), mapped, ...children(50)]);
  expect(rows).toHaveLength(2);
  expect(rows[1]).toEqual({
    task: "each",
    depth: 0,
    state: "Mapped",
    children: 50,
    startedAt: BEGIN + 100,
    endedAt: BEGIN + 249,
    tries: 1,
    failed: 0,
  });
});

test("a failed child colours the row and is counted", () => {
  const [row] = timelineRows([mapped, ...children(3), ...children(2, { state: "Failed" })]);
  expect(row).toMatchObject({ state: "Failed", failed: 2 });
});

test("a bar per task stands where its time was", () => {
  const io = fakeIo();
  const lines = timelineLines(
    io,
    [
      taskRun({ number: 1, task: "load", endedAt: at(500) }),
      taskRun({ number: 2, task: "publish", startedAt: at(600), endedAt: at(1_000), tryNumber: 3 }),
    ],
    BEGIN,
  );
  expect(lines[0]).toContain("1.00 s");
  expect(lines[1]).toMatch(/✓ load +━+ +500 ms$/);
  expect(lines[2]).toMatch(/✓ publish +━+ +400 ms {2}3 tries$/);
  expect((lines[2] ?? "").indexOf("━")).toBeGreaterThan((lines[1] ?? "").lastIndexOf("━"));
  expect(lines.every((line) => line.length <= io.columns)).toBe(true);
});

test("a run without tasks, a task without a start, and one under way are told too", () => {
  const io = fakeIo();
  expect(timelineLines(io, [], BEGIN)).toEqual(["  no task has begun"]);
  const lines = timelineLines(
    io,
    [
      taskRun({ number: 1, task: "now", state: "Running", endedAt: null }),
      taskRun({ number: 2, task: "later", state: "Pending", startedAt: null, endedAt: null }),
    ],
    BEGIN + 2_000,
  );
  expect(lines[1]).toMatch(/● now +━+ +2\.00 s {2}Running$/);
  expect(lines[2]).toMatch(/○ later +Pending$/);
});

test("what a subflow calls stands below it, inset; its maps are folded there too", () => {
  const inner = [
    taskRun({ number: 2, task: "load", parent: 1 }),
    taskRun({ number: 3, task: "deeper", parent: 1 }),
    taskRun({ number: 4, task: "each", parent: 3, state: "Mapped", mapCount: 1 }),
    taskRun({ number: 5, task: "each", parent: 4, mapIndex: 0 }),
  ];
  const runs = [taskRun({ number: 1, task: "year" }), ...inner, taskRun({ number: 6, task: "after" })];
  expect(timelineRows(runs).map(({ task, depth, children }) => [task, depth, children])).toEqual([
    ["year", 0, null],
    ["load", 1, null],
    ["deeper", 1, null],
    ["each", 2, 1],
    ["after", 0, null],
  ]);
  const lines = timelineLines(fakeIo(), runs, BEGIN);
  expect(lines[2]).toMatch(/ {3}load /);
  expect(lines[4]).toMatch(/ {5}each ×1 /);
});
