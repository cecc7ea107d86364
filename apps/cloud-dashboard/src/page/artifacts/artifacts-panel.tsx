import { isTerminal } from "@weir/protocol/state";
import { Link } from "@tanstack/react-router";
import { useCloud } from "../cloud/use-cloud.ts";
import { RunArtifacts, type RunArtifactsQuery } from "../generated/operations.ts";
import { OpenedBlock } from "../seal/opened-json.tsx";
import type { SealKeys } from "../seal/openings.ts";
import { ClosedNote, OpeningMark } from "../seal/sealed-mark.tsx";
import { useOpenedJson } from "../seal/use-opened.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Ago } from "../ui/time.tsx";
import { readArtifact } from "./artifact-data.ts";
import { ArtifactView } from "./artifact-view.tsx";

type Run = NonNullable<RunArtifactsQuery["flowRun"]>;
type Artifact = NonNullable<Run["artifacts"]>[number];

/** What a run has made for people to look at: links, texts and tables. */
export function ArtifactsPanel({ runId }: { readonly runId: string }) {
  const { data, error, refetch } = useCloud(
    RunArtifacts,
    { id: runId },
    { every: (known) => (known?.flowRun != null && isTerminal(known.flowRun.state) ? 30_000 : 5_000) },
  );
  if (error !== null && data === undefined) return <Problem error={error} again={() => void refetch()} />;
  if (data === undefined) return <Loading rows={6} />;
  const run = data.flowRun;
  if (run === null) return <Empty title="There is no such run" />;
  if (run.artifacts === null)
    return <Empty title="Your role may not read artifacts">It lacks the permission artifact:read.</Empty>;
  if (run.artifacts.length === 0)
    return (
      <Empty title="The run has made no artifacts" command='run.artifact.markdown("report", "# 12 orders")'>
        Links, texts in Markdown and tables that a task makes are shown here.
      </Empty>
    );
  return run.artifacts.map((artifact) => (
    <ArtifactPanel key={artifact.name} artifact={artifact} run={run} sealKeys={run.sealKeys} />
  ));
}

interface ArtifactPanelProps {
  readonly artifact: Artifact;
  readonly run: Run;
  readonly sealKeys: SealKeys;
}

function ArtifactPanel({ artifact, run, sealKeys }: ArtifactPanelProps) {
  const { name, at, taskRunNumber } = artifact;
  return (
    <Panel
      title={<bdi>{name}</bdi>}
      actions={
        <span className="text-muted">
          {artifact.kind}
          {taskRunNumber !== null && (
            <>
              {" by "}
              <Link to="/runs/$runId/tasks/$number" params={{ runId: run.id, number: String(taskRunNumber) }}>
                task run #{taskRunNumber}
              </Link>
            </>
          )}{" "}
          <Ago at={at} />
        </span>
      }
    >
      <OpenedArtifact artifact={artifact} sealKeys={sealKeys} />
    </Panel>
  );
}

function OpenedArtifact({ artifact, sealKeys }: Pick<ArtifactPanelProps, "artifact" | "sealKeys">) {
  const opening = useOpenedJson(artifact.data, sealKeys);
  if (opening.phase === "opening") return <OpeningMark />;
  if (opening.phase === "closed") return <ClosedNote closed={opening.closed} />;
  const view = <ArtifactView data={readArtifact(artifact.kind, opening.value)} />;
  return opening.phase === "plain" ? view : <OpenedBlock>{view}</OpenedBlock>;
}
