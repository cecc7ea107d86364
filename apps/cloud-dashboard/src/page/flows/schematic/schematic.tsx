import "@xyflow/react/dist/style.css";
import {
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { useEffect, useMemo } from "react";
import { NODE, placedTasks } from "./schematic-layout.ts";
import type { SchematicShape, SchematicTask } from "./schematic-shape.ts";
import { STILL_GRAPH } from "../../ui/still-graph.ts";

type TaskNode = Node<{ readonly task: SchematicTask }, "task">;

const FIT = { maxZoom: 1, padding: 0.1 };
const NODE_TYPES = { task: TaskBox };

/** The tasks of a flow, drawn. What it shows stands in a table too, for those who do not see it. */
export function Schematic({ shape }: { readonly shape: SchematicShape }) {
  const nodes = useMemo(() => nodesOf(shape), [shape]);
  const edges = useMemo(() => edgesOf(shape), [shape]);
  return (
    <div className="h-80" role="group" aria-label="Tasks, drawn">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        fitView
        fitViewOptions={FIT}
        minZoom={0.1}
        {...STILL_GRAPH}
      >
        <KeepFitting shape={shape} />
      </ReactFlow>
    </div>
  );
}

/** All of it stays in sight when the page gets another width, and when a run brings more tasks. */
function KeepFitting({ shape }: { readonly shape: SchematicShape }) {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  useEffect(() => void fitView(FIT), [fitView, width, shape]);
  return null;
}

function nodesOf(shape: SchematicShape): TaskNode[] {
  return placedTasks(shape).map(({ task, x, y }, index) => ({
    // The library looks for nodes by their ids as parts of selectors: a name may hold anything.
    id: String(index),
    type: "task",
    position: { x, y },
    data: { task },
    ...NODE,
  }));
}

function edgesOf({ tasks, edges }: SchematicShape): Edge[] {
  const ids = new Map(tasks.map(({ name }, index) => [name, String(index)]));
  return edges.map(({ from, to }, index) => ({
    id: String(index),
    source: ids.get(from) ?? "",
    target: ids.get(to) ?? "",
    markerEnd: { type: MarkerType.ArrowClosed, color: "var(--color-muted)" },
    style: { stroke: "var(--color-muted)" },
  }));
}

function TaskBox({ data: { task } }: NodeProps<TaskNode>) {
  const facts = [
    task.mapped && "mapped",
    task.retries > 0 && `${task.retries} ${task.retries === 1 ? "retry" : "retries"}`,
    !task.registered && "not registered",
    ...task.tags.map((tag) => `#${tag}`),
  ].filter((fact) => typeof fact === "string");
  return (
    <div
      className="flex flex-col justify-center rounded-md border border-line bg-panel px-3"
      style={{ ...NODE, borderStyle: task.registered ? "solid" : "dashed" }}
    >
      <Handle type="target" position={Position.Left} className="opacity-0" isConnectable={false} />
      <span className="truncate font-medium">{task.name}</span>
      {facts.length > 0 && <span className="truncate text-[12px] text-muted">{facts.join(" · ")}</span>}
      <Handle type="source" position={Position.Right} className="opacity-0" isConnectable={false} />
    </div>
  );
}
