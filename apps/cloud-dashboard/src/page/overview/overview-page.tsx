import { useMemo } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { Overview, OverviewUpcoming } from "../generated/operations.ts";
import { PageHead } from "../ui/page-head.tsx";
import { Problem } from "../ui/problem.tsx";
import { Ago, useNow } from "../ui/time.tsx";
import { AgentsPanel } from "./agents-panel.tsx";
import { FAILED } from "../flow-runs/runs-failed.ts";
import { FirstSteps } from "./first-steps.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { NeedsPanel } from "./needs-panel.tsx";
import { Tile } from "./tile.tsx";
import { UpcomingPanel } from "./upcoming-panel.tsx";

const MINUTE_MS = 60_000;

/** How the tenant's runs are, at one look. */
export function Page() {
  // A minute more or less is no other question.
  const minute = Math.floor(useNow(10_000) / MINUTE_MS);
  const endedAfter = useMemo(() => new Date(minute * MINUTE_MS - 24 * 3_600_000).toISOString(), [minute]);
  const { data, error, isPending, refetch } = useCloud(
    Overview,
    { failed: { state: FAILED, endedAfter } },
    { every: 3_000, keep: true },
  );
  const hasFlow = (useCloud(OverviewUpcoming, {}).data?.flows.nodes.length ?? 1) > 0;
  const hasAgent = (data?.agents.nodes.length ?? 1) > 0;
  return (
    <>
      <PageHead title="Overview" />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {(!hasAgent || !hasFlow) && <FirstSteps hasAgent={hasAgent} hasFlow={hasFlow} />}
      {data?.queue.pause && (
        <p className="mb-4 rounded-lg border border-warn bg-panel px-4 py-2 text-warn">
          {data.queue.pause.by} paused the queue <Ago at={data.queue.pause.at} />: no run begins until somebody resumes
          it.
        </p>
      )}
      <section aria-label="Now" className="mb-4 grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Tile title="Running" count={data?.running} search={{ state: ["Running", "Cancelling"] }} />
        <Tile title="Late" tone="warn" count={data?.late} search={{ late: true }} />
        <Tile
          title="Failed in 24 hours"
          tone="bad"
          count={data?.failed}
          search={{ state: FAILED, time: "ended", since: "24h" }}
        />
        <Tile title="Scheduled" count={data?.scheduled} search={{ state: ["Scheduled", "Resume", "Retrying"] }} />
      </section>
      <HistoryPanel />
      <div className="grid grid-cols-1 items-start gap-x-4 lg:grid-cols-2">
        <NeedsPanel />
        <div className="min-w-0">
          <AgentsPanel agents={data?.agents.nodes} isLoading={isPending} />
          <UpcomingPanel />
        </div>
      </div>
    </>
  );
}
