import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { OverviewHistory } from "../generated/operations.ts";
import { Chip } from "../ui/chip.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Moment, useNow } from "../ui/time.tsx";
import { countsOf, type HistoryBucket, historySpan, KINDS } from "./history.ts";
import { HISTORY_SPANS, type HistorySpan } from "./overview-search.ts";

const HistoryPlot = lazy(() => import("./history-plot.tsx"));
const SPANS = Object.keys(HISTORY_SPANS) as HistorySpan[];

/** How the runs of the last time went. */
export function HistoryPanel() {
  const { history: span = "24h" } = useSearch({ from: "/" });
  const navigate = useNavigate();
  const { data, error, refetch } = useCloud(OverviewHistory, historySpan(span, useNow(60_000)), {
    every: 15_000,
    keep: true,
  });
  const open = ({ from, to }: HistoryBucket) => void navigate({ to: "/runs", search: { from, to, time: "ended" } });
  const buckets = data?.flowRunHistory.buckets;
  return (
    <Panel title="How runs went" actions={<Spans span={span} />}>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      <div className="h-[170px]">
        <Suspense fallback={null}>{buckets !== undefined && <HistoryPlot buckets={buckets} open={open} />}</Suspense>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-muted">
        {KINDS.map(({ name, color }) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <span aria-hidden className="size-2.5 rounded-sm" style={{ backgroundColor: color }} /> {name}
          </span>
        ))}
        {data?.flowRunHistory.isMore === true && <span>Of the newest 50,000 runs; there are more.</span>}
      </div>
      {buckets !== undefined && <HistoryTable buckets={buckets} />}
    </Panel>
  );
}

function Spans({ span }: { readonly span: HistorySpan }) {
  const navigate = useNavigate();
  return (
    <div role="group" aria-label="Time" className="flex gap-1.5">
      {SPANS.map((one) => (
        <Chip
          key={one}
          pressed={one === span}
          onClick={() => void navigate({ to: "/", search: one === "24h" ? {} : { history: one }, replace: true })}
        >
          {HISTORY_SPANS[one].title}
        </Chip>
      ))}
    </div>
  );
}

function HistoryTable({ buckets }: { readonly buckets: readonly HistoryBucket[] }) {
  const some = buckets.filter(({ states }) => states.length > 0);
  return (
    <details className="mt-2">
      <summary className="w-fit text-[13px] text-muted hover:text-ink">As a table</summary>
      <div className="mt-2 max-h-72 overflow-auto">
        <Table
          caption="Runs by the time when they ended, or are to begin"
          head={["From", ...KINDS.map(({ name }) => name)]}
        >
          {some.map((bucket) => (
            <tr key={bucket.from}>
              <Cell>
                <Moment at={bucket.from} />
              </Cell>
              {countsOf(bucket).map((count, at) => (
                <Cell key={KINDS[at]?.name}>{count.toLocaleString("en")}</Cell>
              ))}
            </tr>
          ))}
        </Table>
      </div>
    </details>
  );
}
