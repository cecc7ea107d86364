import { Link, useParams } from "@tanstack/react-router";
import { useCloud } from "../cloud/use-cloud.ts";
import { VersionPage, type VersionPageQuery } from "../generated/operations.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Problem } from "../ui/problem.tsx";
import { searchNumber } from "./search-text.ts";
import { SchematicPanel } from "./schematic/schematic-panel.tsx";
import { VersionChanges } from "./versions/version-changes.tsx";
import { JsonPanel, VersionFacts } from "./versions/version-facts.tsx";

/** One version of a flow. */
export function Page() {
  const { flowId, number: given } = useParams({ from: "/flows/$flowId/versions/$number" });
  // Above what the cloud takes as a number there is no version.
  const number = Math.min(searchNumber(given) ?? 0, 2 ** 31 - 1);
  const { data, error, refetch } = useCloud(VersionPage, { id: flowId, number });
  if (error !== null) return <Problem error={error} again={() => void refetch()} />;
  if (data === undefined) return <Loading rows={12} />;
  const { flowById: flow } = data;
  if (flow === null || flow.version === null)
    return (
      <>
        <PageHead title="There is no such version" />
        <Empty title={`No flow that you may see has this id and a version ${given}`}>
          <Link to="/flows">All flows</Link>
        </Empty>
      </>
    );
  return <VersionBody flow={flow} version={flow.version} />;
}

type Flow = NonNullable<VersionPageQuery["flowById"]>;

function VersionBody({ flow, version }: { readonly flow: Flow; readonly version: NonNullable<Flow["version"]> }) {
  const { id, name, currentVersion, versions } = flow;
  const { number, description } = version;
  const state = currentVersion?.number === number ? "It runs next." : version.archivedAt !== null && "It is archived.";
  return (
    <>
      <PageHead
        title={`${name} · version ${number}`}
        about={
          <>
            {state} {description}
          </>
        }
        actions={
          <Link to="/flows/$flowId" params={{ flowId: id }}>
            To the flow
          </Link>
        }
      >
        <Link to="/flows/$flowId" params={{ flowId: id }}>
          {name}
        </Link>{" "}
        version {number}
      </PageHead>
      <VersionFacts version={version} />
      <VersionChanges flowId={id} number={number} versions={versions.nodes} />
      <SchematicPanel tasks={version.tasks} run={null} />
      <JsonPanel title="Storage" value={version.storage} none="It says nowhere where its code lies." />
      <JsonPanel title="Run config" value={version.runConfig} none="None: as the agent has it." />
      <JsonPanel title="Parameters" value={version.parameterSchema} none="It declares no parameters." />
      <JsonPanel
        title="Default parameters"
        value={version.parameterDefaults}
        none="None, or none that may be shown to you."
      />
    </>
  );
}
