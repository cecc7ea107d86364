import "@xyflow/react/dist/style.css";
import { Controls, type Edge, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from "@xyflow/react";
import { Link } from "@tanstack/react-router";
import { STATES } from "@weir/protocol/state";
import { useMemo } from "react";
import { useTheme } from "../app/theme.ts";
import { Empty } from "../ui/empty.tsx";
import { StateDot } from "../ui/state-badge.tsx";
import { type GraphNode, graphOf, type RunGraph } from "./graph-layout.ts";
import { BOX, placesOf } from "./graph-places.ts";
import type { TaskRow } from "./run-store.ts";
import { STILL_GRAPH } from "../ui/still-graph.ts";

type BoxNode = Node<{ readonly node: GraphNode; readonly runId: string }, "box">;

const NODE_TYPES = { box: Box };

const NO_ARROWS =
  "No arrows: no task run was handed an object that another one had returned. Numbers and text do not tell where they came from; hand the task run itself on, without await. ";

interface RunGraphProps {
  readonly runId: string;
  readonly taskRuns: readonly TaskRow[];
}

/** Which task run came from which, with their states. */
export function RunGraphPart({ runId, taskRuns }: RunGraphProps) {
  const graph = useMemo(() => graphOf(taskRuns), [taskRuns]);
  const places = usePlaces(graph);
  const theme = useTheme();
  const nodes = useMemo(
    () =>
      graph.nodes.map((node): BoxNode => ({
        id: node.id,
        type: "box",
        position: places.get(node.id) ?? { x: 0, y: 0 },
        data: { node, runId },
        ...BOX,
      })),
    [graph, places, runId],
  );
  const edges = useMemo(() => edgesOf(graph), [graph]);
  if (nodes.length === 0) return <Empty title="No task of the run has begun." />;
  return (
    <>
      <div className="h-[clamp(16rem,55vh,44rem)]">
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          colorMode={theme}
          className="[--xy-background-color:var(--color-panel)]"
          fitView
          fitViewOptions={{ maxZoom: 1, padding: 0.1 }}
          minZoom={0.05}
          {...STILL_GRAPH}
        >
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
      <p className="border-t border-line px-4 py-2 text-muted">
        {graph.isByTask && "There are too many task runs for a box each: a box holds all runs of a task. "}
        {nodes.length > 1 && edges.length === 0 && NO_ARROWS}
        The{" "}
        <Link to="." search={(before) => ({ ...before, tab: "tasks" }) as never}>
          table of tasks
        </Link>{" "}
        has each of them.
      </p>
    </>
  );
}

/** Boxes are placed anew where there are others, not where one changed its state. */
function usePlaces(graph: RunGraph) {
  const shape = JSON.stringify([graph.nodes.map(({ id }) => id), graph.edges]);
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the shape is all of the graph that placing it depends on
  return useMemo(() => placesOf(graph), [shape]);
}

function edgesOf({ nodes, edges }: RunGraph): Edge[] {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  return edges.map(({ from, to }) => ({
    id: JSON.stringify([from, to]),
    source: from,
    target: to,
    ariaLabel: `from ${titles.get(from)} to ${titles.get(to)}`,
    markerEnd: { type: MarkerType.ArrowClosed, color: "var(--color-muted)" },
    style: { stroke: "var(--color-muted)" },
  }));
}

function Box({ data: { node, runId } }: NodeProps<BoxNode>) {
  const { byState, count, number, state, title } = node;
  return (
    <div
      // Where nothing can be moved or chosen, the library lets the pointer through to what is behind.
      className="pointer-events-auto flex flex-col justify-center gap-1 rounded-md border border-line bg-panel px-3"
      style={{ ...BOX, borderLeft: `4px solid ${STATES[state].color}` }}
    >
      <Handle type="target" position={Position.Left} className="opacity-0" isConnectable={false} />
      <span className="flex min-w-0 items-baseline gap-1.5">
        <BoxLink runId={runId} number={number} title={title} />
        {count > 1 && <span className="text-[12px] text-muted">×{count.toLocaleString("en")}</span>}
      </span>
      <span className="flex gap-2 truncate text-[12px] text-muted">
        {[...byState].map(([one, many]) => (
          <span key={one} className="inline-flex items-center gap-1">
            <StateDot state={one} /> {count > 1 && many.toLocaleString("en")} {one}
          </span>
        ))}
      </span>
      <Handle type="source" position={Position.Right} className="opacity-0" isConnectable={false} />
    </div>
  );
}

interface BoxLinkProps {
  readonly runId: string;
  readonly number: number | null;
  readonly title: string;
}

function BoxLink({ runId, number, title }: BoxLinkProps) {
  const look = "nodrag nopan truncate font-medium text-ink";
  if (number !== null) {
    return (
      <Link to="/runs/$runId/tasks/$number" params={{ runId, number: String(number) }} className={look} title={title}>
        {title}
      </Link>
    );
  }
  return (
    <Link to="/runs/$runId" params={{ runId }} search={{ tab: "tasks", task: title }} className={look} title={title}>
      {title}
    </Link>
  );
}
