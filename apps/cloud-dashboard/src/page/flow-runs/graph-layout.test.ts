import { expect, test } from "vitest";
import { graphOf } from "./graph-layout.ts";
import { taskRow } from "./testing/task-row.ts";

/** 1 → 2, mapped over 3 and 4 → 5; 6 is a subflow of 7. */
const RUN = [
  taskRow({ number: 1, task: "list" }),
  taskRow({ number: 2, task: "read", mapCount: 2, state: "Mapped", upstream: [1] }),
  taskRow({ number: 3, task: "read", parent: 2, mapIndex: 0, upstream: [1] }),
  taskRow({ number: 4, task: "read", parent: 2, mapIndex: 1, state: "Failed", upstream: [1] }),
  taskRow({ number: 5, task: "sum", upstream: [3, 4, 2, 99] }),
  taskRow({ number: 6, task: "sub", upstream: [5] }),
  taskRow({ number: 7, task: "inner", parent: 6, upstream: [5] }),
];

test("what is below a map or subflow is part of its box, and what came from it came from the box", () => {
  const { nodes, edges, isByTask } = graphOf(RUN);
  expect(isByTask).toBe(false);
  expect(nodes.map(({ id, title, count, state }) => [id, title, count, state])).toEqual([
    ["1", "list", 1, "Success"],
    ["2", "read", 2, "Failed"],
    ["5", "sum", 1, "Success"],
    ["6", "sub", 1, "Success"],
  ]);
  expect(edges.map(({ from, to }) => `${from}→${to}`)).toEqual(["1→2", "2→5", "5→6"]);
});

test("more than can be read are put together by task", () => {
  const calls = Array.from({ length: 30 }, (_, index) =>
    taskRow({ number: index + 2, task: "work", upstream: [1], state: index === 7 ? "Running" : "Success" }),
  );
  const all = [taskRow({ number: 1, task: "list" }), ...calls];
  expect(graphOf(all, 31).nodes).toHaveLength(31);
  const { nodes, edges, isByTask } = graphOf(all, 30);
  expect(isByTask).toBe(true);
  expect(nodes.map(({ title, count, state, number }) => [title, count, state, number])).toEqual([
    ["list", 1, "Success", null],
    ["work", 30, "Running", null],
  ]);
  expect(edges).toEqual([{ from: "task list", to: "task work" }]);
});

test("a task that feeds itself has no edge to itself", () => {
  const chain = [taskRow({ number: 1 }), taskRow({ number: 2, upstream: [1] })];
  expect(graphOf(chain, 1).edges).toEqual([]);
});
