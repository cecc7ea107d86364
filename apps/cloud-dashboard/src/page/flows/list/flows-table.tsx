import { Link } from "@tanstack/react-router";
import { Cell, Table } from "../../ui/table.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { SuccessRate } from "../success-rate.tsx";
import { Ago } from "../../ui/time.tsx";
import { classNames } from "../../ui/class-names.ts";
import type { FlowsPageQuery } from "../../generated/operations.ts";

type Flow = FlowsPageQuery["flows"]["nodes"][number];

interface FlowsTableProps {
  readonly flows: readonly Flow[];
  /** It shows what was asked for before. */
  readonly dim: boolean;
}

export function FlowsTable({ flows, dim }: FlowsTableProps) {
  return (
    <div className={classNames(dim && "opacity-60")}>
      <Table caption="Flows" head={["Name", "Project", "Version", "Ended last", "Succeeded", "Next"]}>
        {flows.map((flow) => (
          <tr key={flow.id}>
            <Cell className="min-w-48">
              <Link to="/flows/$flowId" params={{ flowId: flow.id }} className="font-medium">
                {flow.name}
              </Link>
              {flow.description !== null && <p className="line-clamp-1 text-muted">{flow.description}</p>}
            </Cell>
            <Cell>{flow.project.name}</Cell>
            <Cell>
              <Version flow={flow} />
            </Cell>
            <Cell>
              <EndedLast ended={flow.newest?.points[0]} />
            </Cell>
            <Cell>
              <SuccessRate statistics={flow.statistics} />
            </Cell>
            <Cell>
              <NextSlot schedules={flow.schedules} />
            </Cell>
          </tr>
        ))}
      </Table>
    </div>
  );
}

function Version({ flow }: { readonly flow: Flow }) {
  const version = flow.currentVersion;
  if (version === null) return <span className="text-warn">all archived</span>;
  const params = { flowId: flow.id, number: String(version.number) };
  return (
    <Link to="/flows/$flowId/versions/$number" params={params} className="tabular-nums">
      {version.number}
    </Link>
  );
}

type Points = NonNullable<Flow["newest"]>["points"];

function EndedLast({ ended }: { readonly ended: Points[number] | undefined }) {
  if (ended === undefined) return <span className="whitespace-nowrap text-muted">no run yet</span>;
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <Link to="/runs/$runId" params={{ runId: ended.id }} className="text-ink">
        <StateBadge state={ended.state} />
      </Link>
      <span className="text-muted">
        <Ago at={ended.endedAt} />
      </span>
    </span>
  );
}

function NextSlot({ schedules }: { readonly schedules: Flow["schedules"] }) {
  const slots = schedules.flatMap(({ next }) => (next === null ? [] : [next])).toSorted();
  if (schedules.length === 0) return <span className="whitespace-nowrap text-muted">no schedule</span>;
  if (slots[0] === undefined) return <span className="whitespace-nowrap text-muted">switched off, or over</span>;
  return (
    <span className="whitespace-nowrap">
      <Ago at={slots[0]} />
      {schedules.length > 1 && <span className="text-muted"> · {schedules.length} schedules</span>}
    </span>
  );
}
