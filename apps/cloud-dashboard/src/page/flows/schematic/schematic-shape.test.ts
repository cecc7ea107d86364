import { expect, test } from "vitest";
import { schematicShape, type ShapingTaskRun } from "./schematic-shape.ts";

const taskRun = (
  number: number,
  task: string,
  upstream: number[] = [],
  parent: number | null = null,
): ShapingTaskRun => ({
  number,
  task,
  upstream,
  parent,
  state: "Success",
});
const namesOf = ({ edges }: ReturnType<typeof schematicShape>) => edges.map(({ from, to }) => `${from} → ${to}`);

test("a version's tasks stand there without any run, and have no edges", () => {
  const shape = schematicShape([{ name: "load", tags: ["db"], retries: 2, mapped: true }], []);
  expect(shape).toEqual({
    tasks: [{ name: "load", tags: ["db"], retries: 2, mapped: true, registered: true, runs: 0 }],
    edges: [],
  });
});

test("edges are those of a run, once for each two tasks; children are folded into their mapped task", () => {
  const runs = [
    taskRun(1, "list"),
    taskRun(2, "price", [1]),
    taskRun(3, "price", [1], 2),
    taskRun(4, "price", [1, 3], 2),
    taskRun(5, "report", [3, 4]),
  ];
  const shape = schematicShape([{ name: "list", tags: [], retries: 0 }], runs);
  expect(namesOf(shape)).toEqual(["list → price", "price → report"]);
  expect(shape.tasks.map(({ name, registered, runs: count, mapped }) => [name, registered, count, mapped])).toEqual([
    ["list", true, 1, false],
    ["price", false, 3, true],
    ["report", false, 1, false],
  ]);
});

test("what is hostile or cut off draws no edge to anywhere", () => {
  const shape = schematicShape(
    ["x", null, { name: 5 }, { name: "__proto__", tags: "no", retries: "many" }],
    [taskRun(1, "__proto__", [1, 99]), taskRun(2, "constructor", [1])],
  );
  expect(shape.tasks.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
  expect(namesOf(shape)).toEqual(["__proto__ → constructor"]);
  expect(schematicShape({ length: 3 }, []).tasks).toEqual([]);
});
