import { Link, useParams } from "@tanstack/react-router";
import { isSuccessful } from "@weir/protocol/state";
import { useCloud } from "../cloud/use-cloud.ts";
import { FlowPage, RunsOfFlow } from "../generated/operations.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Problem } from "../ui/problem.tsx";
import { FlowActions } from "./flow/flow-actions.tsx";
import { FlowRuns } from "./flow/flow-runs.tsx";
import { FlowSchedules } from "./flow/flow-schedules.tsx";
import { FlowSettings, type PageFlow } from "./flow/flow-settings.tsx";
import { FlowVersions } from "./flow/flow-versions.tsx";
import { SchematicPanel } from "./schematic/schematic-panel.tsx";

/** One flow. */
export function Page() {
  const { flowId } = useParams({ from: "/flows/$flowId" });
  const { data, error, refetch } = useCloud(FlowPage, { id: flowId }, { every: 15_000 });
  const flow = data?.flowById;
  if (flow === null)
    return (
      <>
        <PageHead title="There is no such flow" />
        <Empty title={`No flow has the id ${flowId}`}>
          It was deleted, or belongs to another tenant. <Link to="/flows">All flows</Link>
        </Empty>
      </>
    );
  return (
    <>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {flow === undefined ? error === null && <Loading rows={12} /> : <FlowBody flow={flow} />}
    </>
  );
}

function FlowBody({ flow }: { readonly flow: PageFlow }) {
  const { name, description, project, currentVersion } = flow;
  const runs = useCloud(RunsOfFlow, { flow: name, project: project.name }, { every: 5_000 });
  const nodes = runs.data?.flowRuns.nodes;
  return (
    <>
      <PageHead
        title={name}
        about={
          <>
            <Link to="/flows" search={{ project: project.name }}>
              {project.name}
            </Link>
            {description !== null && ` · ${description}`}
          </>
        }
        actions={<FlowActions flow={flow} />}
      />
      {currentVersion === null && (
        <p className="mb-4 rounded-lg border border-warn bg-panel p-4">
          All versions are archived, so nothing of this flow begins. Bring one back below, or register it anew.
        </p>
      )}
      {runs.error !== null && <Problem error={runs.error} again={() => void runs.refetch()} />}
      <FlowRuns flow={flow} runs={nodes} />
      <SchematicPanel
        tasks={currentVersion?.tasks ?? []}
        run={
          nodes?.find(({ state }) => isSuccessful(state)) ?? nodes?.find(({ startedAt }) => startedAt !== null) ?? null
        }
      />
      <FlowSchedules schedules={flow.schedules} />
      <FlowVersions flowId={flow.id} current={currentVersion?.number ?? null} />
      <FlowSettings flow={flow} />
    </>
  );
}
