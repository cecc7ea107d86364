import type { StateName } from "@weir/protocol";
import { expect, test } from "vitest";
import { type RestartableTaskRun, restartSet } from "./restart-set.ts";

const taskRun = (number: number, state: StateName, more: Partial<RestartableTaskRun> = {}): RestartableTaskRun => ({
  number,
  state,
  parent: null,
  mapIndex: null,
  mapCount: null,
  upstream: [],
  ...more,
});

/** A mapped task run with its children, numbered on from it. */
const map = (number: number, states: StateName[], upstream: number[] = []): RestartableTaskRun[] => [
  taskRun(number, "Mapped", { mapCount: states.length, upstream }),
  ...states.map((state, i) => taskRun(number + 1 + i, state, { parent: number, mapIndex: i })),
];

const chosen = (...taskRuns: RestartableTaskRun[]) => [...restartSet(taskRuns)].toSorted((a, b) => a - b);

test("what did not succeed begins again, in whatever way it ended", () => {
  expect(
    chosen(
      ...(["Success", "Cached", "Skipped", "Failed", "TimedOut", "TriggerFailed", "Crashed", "Cancelled"] as const).map(
        (state, i) => taskRun(i + 1, state),
      ),
      taskRun(9, "Pending"),
      taskRun(10, "Running"),
      taskRun(11, "Retrying"),
      taskRun(12, "Looped"),
    ),
  ).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("everything downstream follows, also what succeeded; nothing upstream does", () => {
  expect(
    chosen(
      taskRun(1, "Success"),
      taskRun(2, "Failed", { upstream: [1] }),
      taskRun(3, "Success", { upstream: [2] }),
      taskRun(4, "Success", { upstream: [3, 1] }),
      taskRun(5, "Success", { upstream: [1] }),
    ),
  ).toEqual([2, 3, 4]);
});

test("of a map, the failed children begin again and not their parent; whatever takes the list follows", () => {
  expect(chosen(...map(1, ["Success", "Failed", "Success"]), taskRun(5, "Success", { upstream: [1] }))).toEqual([3, 5]);
});

test("a map over a map goes index by index", () => {
  expect(chosen(...map(1, ["Success", "Failed"]), ...map(10, ["Success", "TriggerFailed"], [1]))).toEqual([3, 12]);
  expect(chosen(...map(1, ["Success", "Crashed"]), ...map(10, ["Success", "Success"], [1]))).toEqual([3, 12]);
});

test("a map over a map of another length begins again as a whole", () => {
  expect(chosen(...map(1, ["Success", "Failed"]), ...map(10, ["Success", "Success", "Success"], [1]))).toEqual([
    3, 10, 11, 12, 13,
  ]);
});

test("a parent that begins again takes its children along", () => {
  expect(chosen(taskRun(1, "Failed"), ...map(2, ["Success", "Success"], [1]))).toEqual([1, 2, 3, 4]);
});

test("a circle, or an edge to nowhere, does not go on for ever", () => {
  expect(chosen(taskRun(1, "Failed", { upstream: [2, 99] }), taskRun(2, "Success", { upstream: [1] }))).toEqual([1, 2]);
});

test("ten thousand task runs in a row are no problem", () => {
  const chain = Array.from({ length: 10_000 }, (_, i) =>
    taskRun(i + 1, i === 0 ? "Failed" : "Success", { upstream: i === 0 ? [] : [i] }),
  );
  expect(chosen(...chain)).toHaveLength(10_000);
});

test("a subflow that failed begins again with what failed inside it; what had succeeded there stays", () => {
  const inside = [taskRun(2, "Success", { parent: 1 }), taskRun(3, "Failed", { parent: 1, upstream: [2] })];
  expect(chosen(taskRun(1, "Failed"), ...inside, taskRun(4, "Success"))).toEqual([1, 3]);
});

test("what failed inside a subflow that succeeded all the same stays as it is", () => {
  const inside = [taskRun(2, "Failed", { parent: 1 }), taskRun(3, "Success", { parent: 1 })];
  expect(chosen(taskRun(1, "Success"), ...inside, taskRun(4, "Failed"))).toEqual([4]);
});

test("a subflow downstream of what begins again begins again with all that is inside it", () => {
  const inside = [taskRun(3, "Success", { parent: 2 }), taskRun(4, "Success", { parent: 3 })];
  expect(chosen(taskRun(1, "Failed"), taskRun(2, "Success", { upstream: [1] }), ...inside)).toEqual([1, 2, 3, 4]);
});
