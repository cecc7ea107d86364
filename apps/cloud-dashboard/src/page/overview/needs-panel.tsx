import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { OverviewNeeds, type OverviewNeedsQuery } from "../generated/operations.ts";
import { OpenedText } from "../seal/opened.tsx";
import { Button } from "../ui/button.tsx";
import { countText } from "../ui/count-text.ts";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Ago } from "../ui/time.tsx";
import { RunsFailure } from "../flow-runs/runs-failure.tsx";
import { FAILED } from "../flow-runs/runs-failed.ts";
import { noteAllSeen, noteVisit } from "./visit.ts";

const NOTE_MS = 60_000;
/** Of each kind: the rest is in the list of runs. */
const SHOWN = 6;

/** What waits for a person: approvals, and what failed since they were here. */
export function NeedsPanel() {
  const [since, setSince] = useState(noteVisit);
  useEffect(() => {
    const timer = setInterval(noteVisit, NOTE_MS);
    return () => clearInterval(timer);
  }, []);
  const endedAfter = useMemo(() => new Date(since).toISOString(), [since]);
  const { data, error, refetch } = useCloud(
    OverviewNeeds,
    { failed: { state: FAILED, endedAfter } },
    { every: 5_000, keep: true },
  );
  return (
    <Panel title="What needs a person" flush>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data === undefined && error === null && <Loading rows={3} />}
      {data !== undefined && <Needs data={data} since={endedAfter} seen={() => setSince(noteAllSeen())} />}
    </Panel>
  );
}

interface NeedsProps {
  readonly data: OverviewNeedsQuery;
  readonly since: string;
  readonly seen: () => void;
}

function Needs({ data: { paused, failed, failedCount }, since, seen }: NeedsProps) {
  const waiting = paused.nodes.filter((run) => run.waiting?.reason === "AWAITS_APPROVAL");
  if (waiting.length === 0 && failed.nodes.length === 0)
    return (
      <p className="px-4 py-6 text-muted">
        Nothing. No run waits for an approval, and none failed since you were here (<Ago at={since} />
        ).
      </p>
    );
  return (
    <ul className="divide-y divide-line">
      {waiting.slice(0, SHOWN).map((run) => (
        <Approval key={run.id} run={run} />
      ))}
      {waiting.length > SHOWN && (
        <li className="px-4 py-2">
          <Link to="/runs" search={{ state: ["Paused", "Running"] }}>
            {countText(waiting.length - SHOWN, "more run")} waiting for an approval
          </Link>
        </li>
      )}
      {failed.nodes.length > 0 && (
        <li className="flex flex-wrap items-center justify-between gap-2 bg-raised px-4 py-1.5">
          <Link to="/runs" search={{ state: FAILED, time: "ended", from: since }}>
            {countText(failedCount.count, "run")} failed since you were here
          </Link>
          <Button kind="quiet" onClick={seen}>
            Seen
          </Button>
        </li>
      )}
      {failed.nodes.map((run) => (
        <Failure key={run.id} run={run} />
      ))}
    </ul>
  );
}

function Approval({ run }: { readonly run: OverviewNeedsQuery["paused"]["nodes"][number] }) {
  return (
    <li data-item={run.id} className="px-4 py-2">
      <p className="truncate">
        <Link to="/runs/$runId" params={{ runId: run.id }} className="font-medium text-ink">
          {run.name}
        </Link>{" "}
        <span className="text-warn">waits for an approval</span>
      </p>
      {run.waiting?.approvals.map(({ taskRunNumber, task, message }) => (
        <p key={taskRunNumber} className="truncate text-[13px] text-muted">
          {task}
          {message !== null && (
            <>
              : <OpenedText text={message} sealKeys={run.sealKeys} />
            </>
          )}
        </p>
      ))}
    </li>
  );
}

function Failure({ run }: { readonly run: OverviewNeedsQuery["failed"]["nodes"][number] }) {
  return (
    <li data-item={run.id} className="flex items-center gap-3 px-4 py-2">
      <div className="min-w-0 flex-1">
        <Link to="/runs/$runId" params={{ runId: run.id }} className="block truncate font-medium text-ink">
          {run.name}
        </Link>
        <p className="truncate text-[13px] text-bad">
          <RunsFailure message={run.message} failure={run.failure} sealKeys={run.sealKeys} />
        </p>
      </div>
      <span className="hidden text-muted sm:inline">
        <Ago at={run.endedAt} />
      </span>
      <StateBadge state={run.state} />
    </li>
  );
}
