import { Link, useParams, useSearch } from "@tanstack/react-router";
import type { RunHeadFragment } from "../generated/operations.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Problem } from "../ui/problem.tsx";
import { RunChildrenPanel } from "./run-children.tsx";
import { RunFailure } from "./run-failure.tsx";
import { RunForgotten } from "./run-forgotten.tsx";
import { RunHead } from "./run-head.tsx";
import { useRunHead, useRunLive } from "./run-live.ts";
import type { RunSnapshot } from "./run-store.ts";
import { RunPart } from "./run-part.tsx";
import { shownTab, tabsOf } from "./run-search.ts";
import { RunTabs } from "./run-tabs.tsx";
import { RunWaiting } from "./run-waiting.tsx";
import { SealKeysOfRun } from "./task-link.tsx";

export function Page() {
  const { runId } = useParams({ from: "/runs/$runId" });
  const { data, error, refetch } = useRunHead(runId);
  const live = useRunLive(runId, data?.flowRun?.stateVersion);
  if (data === undefined) {
    return (
      <>
        <PageHead title="Run" />
        {error === null ? <Loading rows={8} /> : <Problem error={error} again={() => void refetch()} />}
      </>
    );
  }
  return data.flowRun === null ? <NoSuchRun runId={runId} /> : <Run run={data.flowRun} live={live} error={error} />;
}

interface RunProps {
  readonly run: RunHeadFragment;
  readonly live: RunSnapshot;
  /** Why it could not be looked at the last time. */
  readonly error: Error | null;
}

function Run({ run, live, error }: RunProps) {
  const { tab: asked } = useSearch({ from: "/runs/$runId" });
  const tabs = tabsOf(run);
  const tab = shownTab(tabs, asked);
  return (
    <SealKeysOfRun value={run.sealKeys}>
      <RunHead run={run} link={live.link} />
      {error !== null && <Problem error={error} />}
      <RunForgotten run={run} />
      <RunWaiting run={run} />
      <RunFailure run={run} taskRuns={live.taskRuns} />
      <RunChildrenPanel run={run} />
      <RunTabs runId={run.id} tabs={tabs} current={tab} taskRuns={live.taskRuns.length} />
      <RunPart tab={tab} run={run} taskRuns={live.taskRuns} link={live.link} />
    </SealKeysOfRun>
  );
}

function NoSuchRun({ runId }: { readonly runId: string }) {
  return (
    <>
      <PageHead title="There is no such run" />
      <Empty title="It may be of another tenant, or deleted with its flow." command={`weir runs show ${runId}`}>
        <Link to="/runs">Look through all runs</Link>
      </Empty>
    </>
  );
}
