import { Link } from "@tanstack/react-router";
import type { OverviewQuery } from "../generated/operations.ts";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Ago } from "../ui/time.tsx";

type Agent = OverviewQuery["agents"]["nodes"][number];

interface AgentsPanelProps {
  readonly agents: readonly Agent[] | undefined;
  readonly isLoading: boolean;
}

/** How the agents are. */
export function AgentsPanel({ agents, isLoading }: AgentsPanelProps) {
  const online = agents?.filter((agent) => agent.online).length ?? 0;
  // Those that need a look stand first.
  const shown = agents?.toSorted((one, other) => Number(one.online) - Number(other.online)).slice(0, 8);
  return (
    <Panel
      title="Agents"
      actions={
        <Link to="/agents" className="text-[13px]">
          {agents === undefined ? "…" : `${online} of ${agents.length} online`}
        </Link>
      }
      flush
    >
      {isLoading && <Loading rows={2} />}
      {shown?.length === 0 && (
        <p className="px-4 py-6 text-muted">
          None yet. <Link to="/agents/enrol">Enrol the first one</Link>.
        </p>
      )}
      <ul className="divide-y divide-line">
        {shown?.map((agent) => (
          <Line key={agent.id} agent={agent} />
        ))}
      </ul>
    </Panel>
  );
}

function Line({ agent: { name, online, pause, lastSeenAt, runs, capacity } }: { readonly agent: Agent }) {
  const standing = pause !== null ? "paused" : online ? "online" : "offline";
  const color = pause !== null ? "bg-warn" : online ? "bg-good" : "bg-bad";
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <span aria-hidden className={`size-2.5 shrink-0 rounded-full ${color}`} />
      <p className="min-w-0 flex-1 truncate">
        <span className="font-medium">{name}</span>{" "}
        <span className="text-muted">
          {standing}
          {!online && (
            <>
              , last seen <Ago at={lastSeenAt} />
            </>
          )}
        </span>
      </p>
      <span className="text-muted tabular-nums">
        {runs} of {capacity} runs
      </span>
    </li>
  );
}
