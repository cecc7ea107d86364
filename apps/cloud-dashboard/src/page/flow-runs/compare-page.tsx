import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { CompareRuns, type ComparedRunFragment } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { Cell } from "../ui/table.tsx";
import { Moment, Span } from "../ui/time.tsx";
import { ComparedParameters } from "./run-compared-parameters.tsx";
import { ComparedTasksPanel } from "./run-compared-tasks.tsx";
import { ComparisonTable } from "./run-comparison-table.tsx";

export function Page() {
  const { runId, otherId } = useParams({ from: "/runs/$runId/compare/$otherId" });
  const { data, error, refetch } = useCloud(CompareRuns, { id: runId, otherId });
  return (
    <>
      <PageHead
        title="Two runs compared"
        actions={
          <Link to="/runs/$runId/compare/$otherId" params={{ runId: otherId, otherId: runId }}>
            The other way round
          </Link>
        }
      />
      {data === undefined &&
        (error === null ? <Loading rows={8} /> : <Problem error={error} again={() => void refetch()} />)}
      {data !== undefined && <Compared one={data.one} other={data.other} />}
    </>
  );
}

interface MaybeComparedProps {
  readonly one: ComparedRunFragment | null;
  readonly other: ComparedRunFragment | null;
}

function Compared({ one, other }: MaybeComparedProps) {
  const mayRead = useMay("parameter:read");
  if (one === null || other === null)
    return (
      <Empty title="One of the two runs is not there" command="weir runs list">
        It may be of another tenant, or deleted with its flow.
      </Empty>
    );
  return (
    <>
      <Heads one={one} other={other} />
      {mayRead && <ComparedParameters one={one} other={other} />}
      {one.isForgotten || other.isForgotten ? (
        <Empty title="Their tasks cannot be compared">
          One of the two runs is older than this cloud keeps task runs, logs and artifacts.
        </Empty>
      ) : (
        <ComparedTasksPanel one={one} other={other} />
      )}
    </>
  );
}

interface ComparedProps {
  readonly one: ComparedRunFragment;
  readonly other: ComparedRunFragment;
}

/** What is told of each run, and what of it is compared; null: it always differs. */
const FACTS: readonly {
  readonly name: string;
  readonly show: (run: ComparedRunFragment) => ReactNode;
  readonly by: ((run: ComparedRunFragment) => string) | null;
}[] = [
  { name: "State", show: ({ state }) => <StateBadge state={state} />, by: ({ state }) => state },
  { name: "Flow", show: ({ flow }) => flow.name, by: ({ flow }) => flow.id },
  { name: "Version", show: versionOf, by: versionOf },
  { name: "SDK", show: ({ flowVersion }) => flowVersion.sdkVersion, by: ({ flowVersion }) => flowVersion.sdkVersion },
  { name: "Agent", show: agentOf, by: agentOf },
  { name: "Labels", show: ({ labels }) => labels.join(", ") || "–", by: ({ labels }) => labels.join("\n") },
  { name: "Attempts", show: ({ attempt }) => attempt, by: ({ attempt }) => String(attempt) },
  { name: "Started", show: ({ startedAt }) => <Moment at={startedAt} />, by: null },
  { name: "Took", show: ({ startedAt, endedAt }) => <Span from={startedAt} to={endedAt} />, by: null },
];

function versionOf({ flowVersion }: ComparedRunFragment): string {
  return String(flowVersion.number);
}

function agentOf({ agent }: ComparedRunFragment): string {
  return agent === null ? "–" : `${agent.name} ${agent.version}`;
}

function Heads({ one, other }: ComparedProps) {
  const isOtherVersion = one.flow.id === other.flow.id && one.flowVersion.number !== other.flowVersion.number;
  return (
    <Panel flush>
      <ComparisonTable caption="The two runs" one={one} other={other}>
        {FACTS.map(({ name, show, by }) => (
          <tr key={name}>
            <Cell className="text-muted">{name}</Cell>
            {[one, other].map((run) => (
              <Cell key={run.id} className={by !== null && by(one) !== by(other) ? "bg-warn/10" : ""}>
                {show(run)}
              </Cell>
            ))}
          </tr>
        ))}
      </ComparisonTable>
      {isOtherVersion && (
        <p className="border-t border-line px-4 py-2">
          <Link
            to="/flows/$flowId/versions/$number"
            params={{ flowId: one.flow.id, number: String(one.flowVersion.number) }}
            search={{ with: other.flowVersion.number }}
          >
            What is different in version {one.flowVersion.number}, seen from {other.flowVersion.number}
          </Link>
        </p>
      )}
    </Panel>
  );
}
