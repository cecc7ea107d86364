import { Graph, layout } from "@dagrejs/dagre";
import type { SchematicShape, SchematicTask } from "./schematic-shape.ts";

export const NODE = { width: 190, height: 58 } as const;

export interface PlacedTask {
  readonly task: SchematicTask;
  /** Of its upper left corner, pixels. */
  readonly x: number;
  readonly y: number;
}

/** Places tasks from left to right, each after what it waits for. */
export function placedTasks({ tasks, edges }: SchematicShape): PlacedTask[] {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 18, ranksep: 46 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [index] of tasks.entries()) graph.setNode(String(index), { ...NODE });
  // Numbers for names: a task may be called as a member of every object is.
  const numbers = new Map(tasks.map(({ name }, index) => [name, String(index)]));
  for (const { from, to } of edges) graph.setEdge(numbers.get(from) ?? "", numbers.get(to) ?? "");
  layout(graph);
  return tasks.map((task, index) => {
    const { x = 0, y = 0 } = graph.node(String(index)) as { x?: number; y?: number };
    return { task, x: x - NODE.width / 2, y: y - NODE.height / 2 };
  });
}
