import { lazy, Suspense } from "react";
import type { RunHeadFragment } from "../generated/operations.ts";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { RunAttempts } from "./run-attempts.tsx";
import { RunParametersPart } from "./run-parameters.tsx";
import { RunResultsPart } from "./run-results.tsx";
import type { RunTab } from "./run-search.ts";
import { RunStatesPart } from "./run-states.tsx";
import type { RunLink, TaskRow } from "./run-store.ts";
import { RunTasks } from "./run-tasks.tsx";
import { Timeline } from "./timeline.tsx";

const Artifacts = lazy(async () => ({ default: (await import("../artifacts/artifacts-panel.tsx")).ArtifactsPanel }));
const Logs = lazy(async () => ({ default: (await import("../logs/logs-view.tsx")).LogsView }));
const Graph = lazy(async () => ({ default: (await import("./graph.tsx")).RunGraphPart }));

interface RunPartProps {
  readonly tab: RunTab;
  readonly run: RunHeadFragment;
  readonly taskRuns: readonly TaskRow[];
  readonly link: RunLink;
}

/** What a tab shows. */
export function RunPart({ tab, run, taskRuns, link }: RunPartProps) {
  if (tab === "states") return <RunStatesPart run={run} />;
  if (tab === "attempts") return <RunAttempts run={run} />;
  if (tab === "parameters") return <RunParametersPart run={run} />;
  if (tab === "results") return <RunResultsPart run={run} />;
  if (tab === "logs")
    return (
      <Suspense fallback={<Loading rows={12} />}>
        <Logs key={run.id} runId={run.id} />
      </Suspense>
    );
  if (tab === "artifacts")
    return (
      <Suspense fallback={<Loading rows={6} />}>
        <Artifacts runId={run.id} />
      </Suspense>
    );
  // Nothing is told of task runs before the first were heard of.
  if (link === "connecting" && taskRuns.length === 0) return <Loading rows={8} />;
  if (tab === "tasks") return <RunTasks runId={run.id} taskRuns={taskRuns} />;
  if (tab === "graph") return <GraphPanel run={run} taskRuns={taskRuns} />;
  return (
    <Panel flush>
      <Timeline run={run} taskRuns={taskRuns} />
    </Panel>
  );
}

function GraphPanel({ run, taskRuns }: Pick<RunPartProps, "run" | "taskRuns">) {
  return (
    <Panel flush>
      <Suspense fallback={<div className="h-[clamp(16rem,55vh,44rem)]" />}>
        <Graph runId={run.id} taskRuns={taskRuns} />
      </Suspense>
    </Panel>
  );
}
