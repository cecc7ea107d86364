import { getRouteApi, Link } from "@tanstack/react-router";
import type { Json } from "@weir/protocol";
import type { ReactNode } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { EarlierRun, type EarlierRunQuery, StartPage, type StartPageQuery } from "../generated/operations.ts";
import { OpenedJson } from "../seal/opened.tsx";
import { useOpenedJson } from "../seal/use-opened.ts";
import { useMay } from "../session/viewer.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { type Earlier, StartForm } from "./start/start-form.tsx";

const route = getRouteApi("/flows/$flowId/run");

type Flow = NonNullable<StartPageQuery["flowById"]>;

/** Where a run of a flow is started. */
export function Page() {
  const { flowId } = route.useParams();
  const { from } = route.useSearch();
  const { data, error, refetch } = useCloud(StartPage, { id: flowId });
  const earlier = useCloud(EarlierRun, { id: from ?? "" }, { enabled: from !== undefined });
  const isThere = data !== undefined && (from === undefined || earlier.data !== undefined);
  const problem = error ?? earlier.error;
  // What was typed stays, also when the cloud cannot be asked again.
  if (!isThere && problem !== null)
    return <Problem error={problem} again={() => void Promise.all([refetch(), earlier.refetch()])} />;
  if (!isThere) return <Loading rows={10} />;
  if (data.flowById === null)
    return (
      <>
        <PageHead title="There is no such flow" />
        <Empty title={`No flow has the id ${flowId}`}>
          <Link to="/flows">All flows</Link>
        </Empty>
      </>
    );
  return <StartBody flow={data.flowById} run={earlier.data?.flowRun ?? null} />;
}

function StartBody({ flow, run }: { readonly flow: Flow; readonly run: EarlierRunQuery["flowRun"] }) {
  const { from } = route.useSearch();
  return (
    <>
      <PageHead
        title={`Run ${flow.name}`}
        about={
          <>
            <Link to="/flows/$flowId" params={{ flowId: flow.id }}>
              {flow.name}
            </Link>
            {flow.currentVersion !== null && `, version ${flow.currentVersion.number}. `}
            {flow.description}
          </>
        }
      />
      {from !== undefined && run === null && (
        <p className="mb-4 text-warn">The run that the form was to begin with is gone: these are the defaults.</p>
      )}
      {run === null ? <StartOf flow={flow} earlier={null} /> : <FromEarlier flow={flow} run={run} />}
    </>
  );
}

interface FromEarlierProps {
  readonly flow: Flow;
  readonly run: NonNullable<EarlierRunQuery["flowRun"]>;
}

/** What was sealed has to be opened before it can be begun with. */
function FromEarlier({ flow, run }: FromEarlierProps): ReactNode {
  const { name, parameters, labels, sealKeys } = run;
  const opening = useOpenedJson(parameters, sealKeys);
  if (opening.phase === "opening") return <Loading rows={10} />;
  if (opening.phase === "closed")
    return (
      <>
        <Panel title={`Parameters of ${name}`}>
          <OpenedJson value={parameters} sealKeys={sealKeys} />
          <p className="mt-2 text-muted">Without them the form begins with the defaults.</p>
        </Panel>
        <StartOf flow={flow} earlier={null} />
      </>
    );
  const opened: Json = opening.value;
  return (
    <>
      <p className="mb-4">
        Begins with the parameters of{" "}
        <Link to="/runs/$runId" params={{ runId: run.id }}>
          {name}
        </Link>
        .
      </p>
      <StartOf flow={flow} earlier={{ parameters: opened, labels, wasSealed: opening.phase === "opened" }} />
    </>
  );
}

function StartOf({ flow, earlier }: { readonly flow: Flow; readonly earlier: Earlier | null }) {
  const { as } = route.useSearch();
  const may = useMay("run:start");
  const { currentVersion: version, id } = flow;
  if (version === null)
    return (
      <Empty title="All versions are archived, so none can run">
        <Link to="/flows/$flowId" params={{ flowId: id }}>
          Bring one back
        </Link>
        , or register it anew.
      </Empty>
    );
  if (!may) return <Empty title="You may not start runs here">That takes the permission run:start.</Empty>;
  return (
    <>
      {version.signature !== null && (
        <p className="mb-4 rounded-lg border border-warn bg-panel p-4">
          This version is signed. With its own defaults it starts from here; agents that ask for signed work refuse
          other parameters, which only <code>weir run --sign</code> can sign: no signing key comes into a browser.
        </p>
      )}
      <StartForm flow={flow} version={version} earlier={earlier} as={as ?? "fields"} />
    </>
  );
}
