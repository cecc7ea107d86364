import { Link } from "@tanstack/react-router";
import { useCloud } from "../cloud/use-cloud.ts";
import { OverviewUpcoming } from "../generated/operations.ts";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Ago, useNow } from "../ui/time.tsx";
import { type Upcoming, upcomingOf } from "./upcoming.ts";

const SHOWN = 8;

/** What begins by itself, the soonest first. */
export function UpcomingPanel() {
  const { data, error, refetch } = useCloud(OverviewUpcoming, {}, { every: 15_000 });
  const now = useNow(10_000);
  const upcoming = data === undefined ? undefined : upcomingOf(data, now).slice(0, SHOWN);
  return (
    <Panel title="Upcoming" flush>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {upcoming === undefined && error === null && <Loading rows={3} />}
      {upcoming?.length === 0 && (
        <p className="px-4 py-6 text-muted">
          Nothing is scheduled. A flow says by itself when it runs:{" "}
          <code className="font-mono">schedules: [cron("0 6 * * *")]</code>
        </p>
      )}
      <ul className="divide-y divide-line">
        {upcoming?.map((one) => (
          <Line key={`${one.at} ${one.flow.id} ${one.run?.id ?? one.schedule}`} one={one} />
        ))}
      </ul>
    </Panel>
  );
}

function Line({ one: { at, flow, run, schedule } }: { readonly one: Upcoming }) {
  return (
    <li data-item={run?.id ?? at} className="flex items-center gap-3 px-4 py-2">
      <p className="min-w-0 flex-1 truncate">
        {run === null ? (
          <Link to="/flows/$flowId" params={{ flowId: flow.id }} className="font-medium text-ink">
            {flow.name}
          </Link>
        ) : (
          <Link to="/runs/$runId" params={{ runId: run.id }} className="font-medium text-ink">
            {run.name}
          </Link>
        )}
        {schedule !== null && <span className="text-muted"> · {schedule}</span>}
      </p>
      <Ago at={at} />
    </li>
  );
}
