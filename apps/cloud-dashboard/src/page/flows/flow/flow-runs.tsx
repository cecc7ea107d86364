import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useCloud } from "../../cloud/use-cloud.ts";
import { FlowFigures, type FlowFiguresQuery, type RunsOfFlowQuery } from "../../generated/operations.ts";
import { commandHere } from "../../ui/command-here.ts";
import { Empty } from "../../ui/empty.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Panel } from "../../ui/panel.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { Cell, Table } from "../../ui/table.tsx";
import { Ago, Span } from "../../ui/time.tsx";
import { durationText } from "../../ui/time-text.ts";
import { SuccessRate } from "../success-rate.tsx";

type Run = RunsOfFlowQuery["flowRuns"]["nodes"][number];

const DurationPlot = lazy(async () => ({ default: (await import("./duration-plot.tsx")).DurationPlot }));
/** As many as `FlowFigures` asks for. */
const MOST_ENDED = 100;

interface FlowRunsProps {
  readonly flow: { readonly id: string; readonly name: string; readonly project: { readonly name: string } };
  /** Newest first; undefined: on their way. */
  readonly runs: readonly Run[] | undefined;
}

/** How a flow did, and its newest runs. */
export function FlowRuns({ flow, runs }: FlowRunsProps) {
  const figures = useCloud(FlowFigures, { id: flow.id }, { every: 15_000 });
  const statistics = figures.data?.flowById?.statistics;
  const all = (
    <Link to="/runs" search={{ flow: flow.name, project: flow.project.name }}>
      All runs
    </Link>
  );
  return (
    <Panel title="Recent runs" actions={all} flush>
      {runs === undefined && <Loading rows={8} />}
      {runs?.length === 0 && (
        <Empty
          title="It has never run"
          command={commandHere(`weir run ${shellWord(flow.name)}${projectOption(flow.project.name)}`)}
        >
          Or press “Run now” above.
        </Empty>
      )}
      {runs !== undefined && runs.length > 0 && (
        <>
          {statistics != null && statistics.runs > 0 && <Figures statistics={statistics} />}
          <RunTable runs={runs} />
        </>
      )}
    </Panel>
  );
}

/** As a shell reads it as one word. */
const shellWord = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
const projectOption = (project: string) => (project === "default" ? "" : ` --project ${shellWord(project)}`);

type Statistics = NonNullable<NonNullable<FlowFiguresQuery["flowById"]>["statistics"]>;

function Figures({ statistics }: { readonly statistics: Statistics }) {
  const { runs, medianSeconds, p95Seconds, points } = statistics;
  const timed = points.flatMap(({ state, endedAt, seconds }) =>
    seconds === null ? [] : [{ state, endedAt, seconds }],
  );
  return (
    <div className="border-b border-line p-4">
      <dl className="mb-2 flex flex-wrap gap-x-8 gap-y-1 text-lg font-semibold tabular-nums">
        <div>
          <dt className="text-[13px] font-normal text-muted">
            Succeeded, of the {runs === MOST_ENDED ? `last ${runs}` : runs} that ended
          </dt>
          <dd>
            <SuccessRate statistics={statistics} />
          </dd>
        </div>
        <Duration title="Median of successes" seconds={medianSeconds} />
        <Duration title="95 of 100 took less than" seconds={p95Seconds} />
      </dl>
      {timed.length > 0 && (
        <Suspense fallback={<div className="h-45" />}>
          <DurationPlot runs={timed} />
        </Suspense>
      )}
    </div>
  );
}

function Duration({ title, seconds }: { readonly title: string; readonly seconds: number | null }) {
  return (
    <div>
      <dt className="text-[13px] font-normal text-muted">{title}</dt>
      <dd>{seconds === null ? "–" : durationText(seconds * 1_000)}</dd>
    </div>
  );
}

function RunTable({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <Table caption="The newest runs of the flow" head={["Run", "State", "Version", "Created", "Took"]}>
      {runs.map((run) => (
        <tr key={run.id}>
          <Cell>
            <Link to="/runs/$runId" params={{ runId: run.id }} className="font-medium">
              {run.name}
            </Link>
          </Cell>
          <Cell>
            <StateBadge state={run.state} />
          </Cell>
          <Cell className="tabular-nums">{run.flowVersion.number}</Cell>
          <Cell>
            <Ago at={run.createdAt} />
          </Cell>
          <Cell>
            <Span from={run.startedAt} to={run.endedAt} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
