import { expect, test } from "vitest";
import { firstFailed } from "./run-failed.ts";
import { taskRow } from "./testing/task-row.ts";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

test("what failed by itself is told, the earliest first", () => {
  const taskRuns = [
    taskRow({ number: 1, endedAt: at(1) }),
    taskRow({ number: 2, state: "Failed", endedAt: at(9) }),
    taskRow({ number: 3, state: "TimedOut", endedAt: at(4) }),
    taskRow({ number: 4, state: "TriggerFailed", endedAt: at(5) }),
    taskRow({ number: 5, state: "Crashed", endedAt: at(4) }),
    taskRow({ number: 6, state: "Cancelled", endedAt: at(2) }),
  ];
  expect(firstFailed(taskRuns).map(({ number }) => number)).toEqual([3, 5, 2]);
});

test("of a subflow that failed, the task run below it is told", () => {
  const taskRuns = [
    taskRow({ number: 1, state: "Failed", endedAt: at(9) }),
    taskRow({ number: 2, parent: 1, state: "Failed", endedAt: at(8) }),
  ];
  expect(firstFailed(taskRuns).map(({ number }) => number)).toEqual([2]);
});
