import { Link } from "@tanstack/react-router";
import type { Json } from "@weir/protocol";
import { lazy, Suspense, useMemo } from "react";
import { Empty } from "../../ui/empty.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Cell, Table } from "../../ui/table.tsx";
import { useCloud } from "../../cloud/use-cloud.ts";
import { ShapeOfRun } from "../../generated/operations.ts";
import { schematicShape, type SchematicShape } from "./schematic-shape.ts";

const Schematic = lazy(async () => ({ default: (await import("./schematic.tsx")).Schematic }));
/** More boxes than this tell nobody anything, and take seconds to place. */
const MOST_DRAWN = 150;
/** As many as `ShapeOfRun` asks for. */
const MOST_TASK_RUNS = 200;

interface SchematicPanelProps {
  /** `tasks` of a version. */
  readonly tasks: Json;
  /** The run that the edges are from; null: there was none. */
  readonly run: { readonly id: string; readonly name: string } | null;
}

/** What the newest version consists of, and in which order it ran last. */
export function SchematicPanel({ tasks, run }: SchematicPanelProps) {
  const { data } = useCloud(ShapeOfRun, { id: run?.id ?? "" }, { enabled: run !== null, every: 30_000 });
  const taskRuns = data?.flowRun?.taskRuns.nodes;
  const shape = useMemo(() => schematicShape(tasks, taskRuns ?? []), [tasks, taskRuns]);
  if (shape.tasks.length === 0)
    return (
      <Panel title="Tasks">
        <Empty title="No task is known">
          The newest version registered none, and no run has had any. A flow may do all of its work itself.
        </Empty>
      </Panel>
    );
  return (
    <Panel title="Tasks" flush>
      <Drawn shape={shape} />
      <p className="border-t border-line px-4 py-2 text-muted">
        <Source run={run} count={taskRuns?.length} hasEdges={shape.edges.length > 0} />
      </p>
      <details className="border-t border-line">
        <summary className="px-4 py-2 text-muted">As a table</summary>
        <TaskTable shape={shape} />
      </details>
    </Panel>
  );
}

interface SourceProps {
  readonly run: SchematicPanelProps["run"];
  /** Of task runs; undefined: they are not known. */
  readonly count: number | undefined;
  readonly hasEdges: boolean;
}

/** Where the arrows are from. */
function Source({ run, count, hasEdges }: SourceProps) {
  if (run === null || count === undefined) return "Which task follows which is known once the flow has run.";
  const link = (
    <Link to="/runs/$runId" params={{ runId: run.id }}>
      {run.name}
    </Link>
  );
  if (!hasEdges) return <>The run {link} told of no task that was given another one’s result.</>;
  return (
    <>
      Arrows are those of the run {link}
      {count === MOST_TASK_RUNS && `, of its first ${MOST_TASK_RUNS} task runs`}.
    </>
  );
}

function Drawn({ shape }: { readonly shape: SchematicShape }) {
  if (shape.tasks.length > MOST_DRAWN)
    return (
      <p className="p-4 text-muted">There are {shape.tasks.length} tasks: too many to draw. The table has them all.</p>
    );
  return (
    <Suspense fallback={<div className="h-80" />}>
      <Schematic shape={shape} />
    </Suspense>
  );
}

function TaskTable({ shape: { tasks, edges } }: { readonly shape: SchematicShape }) {
  const before = Map.groupBy(edges, ({ to }) => to);
  return (
    <div className="overflow-x-auto">
      <Table caption="Tasks of the flow" head={["Task", "After", "Tags", "Retries", "In that run"]}>
        {tasks.map(({ name, tags, retries, mapped, registered, runs }) => (
          <tr key={name}>
            <Cell>
              {name}
              {!registered && <span className="text-muted"> (not registered)</span>}
            </Cell>
            <Cell>{(before.get(name) ?? []).map(({ from }) => from).join(", ") || "–"}</Cell>
            <Cell>{tags.join(", ") || "–"}</Cell>
            <Cell>{retries}</Cell>
            <Cell>
              {runs === 1 ? "once" : `${runs} times`}
              {mapped && ", mapped"}
            </Cell>
          </tr>
        ))}
      </Table>
    </div>
  );
}
