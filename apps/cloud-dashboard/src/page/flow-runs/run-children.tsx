import { Link } from "@tanstack/react-router";
import { isTerminal } from "@weir/protocol/state";
import { useCloud } from "../cloud/use-cloud.ts";
import { RunChildren, type RunHeadFragment } from "../generated/operations.ts";
import { Panel } from "../ui/panel.tsx";
import { StateDot } from "../ui/state-badge.tsx";

/** Runs that a run started, for agents of their own; absent where there are none. */
export function RunChildrenPanel({ run: { id, state } }: { readonly run: RunHeadFragment }) {
  const { data } = useCloud(RunChildren, { id }, isTerminal(state) ? {} : { every: 5_000 });
  const children = data?.flowRun?.children;
  if (children === undefined || children.nodes.length === 0) return null;
  return (
    <Panel title="Runs that it started">
      <ul className="flex flex-wrap gap-x-6 gap-y-1">
        {children.nodes.map((child) => (
          <li key={child.id} className="flex min-w-0 items-center gap-1.5">
            <StateDot state={child.state} />
            <Link to="/runs/$runId" params={{ runId: child.id }} className="truncate">
              {child.name}
            </Link>
            <span className="text-[13px] text-muted">{child.state}</span>
          </li>
        ))}
      </ul>
      {children.pageInfo.hasNextPage && (
        <Link to="/runs" search={{ parent: id }}>
          All of them
        </Link>
      )}
    </Panel>
  );
}
