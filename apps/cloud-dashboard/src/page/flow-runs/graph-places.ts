import { Graph, layout } from "@dagrejs/dagre";
import type { RunGraph } from "./graph-layout.ts";

/** Pixels. */
export const BOX = { width: 200, height: 58 } as const;

/** Where each box stands, by its upper left corner: from left to right, each after what it came from. */
export function placesOf({ nodes, edges }: RunGraph): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 48 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...BOX });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  return new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, { x: x - BOX.width / 2, y: y - BOX.height / 2 }];
    }),
  );
}
