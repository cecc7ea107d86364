import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ComparedRunFragment } from "../generated/operations.ts";
import { countText } from "../ui/count-text.ts";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { StateBadge, StateDot } from "../ui/state-badge.tsx";
import { Cell } from "../ui/table.tsx";
import { durationText } from "../ui/time-text.ts";
import { changedTasks, type ChangedTask, type TaskPair, taskPairs, type TaskSum } from "./run-comparison.ts";
import { ComparisonTable } from "./run-comparison-table.tsx";
import { useRunLive } from "./run-live.ts";
import { taskText } from "./task-link.tsx";

interface ComparedTasksPanelProps {
  readonly one: ComparedRunFragment;
  readonly other: ComparedRunFragment;
}

/** Rows that a person looks through; who needs more has the table of tasks. */
const MOST_CHANGED = 100;

/** What the tasks of the two runs took, and which task runs ended otherwise. */
export function ComparedTasksPanel({ one, other }: ComparedTasksPanelProps) {
  const a = useRunLive(one.id, undefined);
  const b = useRunLive(other.id, undefined);
  const pairs = useMemo(() => taskPairs(a.taskRuns, b.taskRuns), [a.taskRuns, b.taskRuns]);
  const changed = useMemo(() => changedTasks(a.taskRuns, b.taskRuns), [a.taskRuns, b.taskRuns]);
  if (pairs.length === 0 && [a, b].some(({ link }) => link === "connecting")) return <Loading rows={6} />;
  return (
    <>
      <Panel title="Tasks" flush>
        <ComparisonTable caption="Tasks of the two runs" one={one} other={other}>
          {pairs.map((pair) => (
            <TaskPairRow key={pair.task} pair={pair} />
          ))}
        </ComparisonTable>
      </Panel>
      <Panel title={`${countText(changed.length, "task run")} ended otherwise`} flush>
        {changed.length > 0 && (
          <ComparisonTable caption="Task runs that ended otherwise" one={one} other={other}>
            {changed.slice(0, MOST_CHANGED).map((pair) => (
              <ChangedRow key={pair.one.number} pair={pair} one={one.id} other={other.id} />
            ))}
          </ComparisonTable>
        )}
        {changed.length > MOST_CHANGED && (
          <p className="border-t border-line px-4 py-2 text-muted">The first {MOST_CHANGED} are shown.</p>
        )}
      </Panel>
    </>
  );
}

function TaskPairRow({ pair: { task, one, other, differs } }: { readonly pair: TaskPair }) {
  const slower = one !== null && other !== null && one.ranMs > other.ranMs * 1.5 && one.ranMs - other.ranMs > 50;
  return (
    <tr>
      <Cell className="font-medium">{task}</Cell>
      <Cell className={differs || slower ? "bg-warn/10" : ""}>
        <Sum sum={one} />
      </Cell>
      <Cell>
        <Sum sum={other} />
      </Cell>
    </tr>
  );
}

function Sum({ sum }: { readonly sum: TaskSum | null }) {
  if (sum === null) return <span className="text-muted">not in this run</span>;
  const { byState, count, longestMs, ranMs, tries } = sum;
  return (
    <>
      <span className="flex flex-wrap gap-x-3">
        {[...byState].map(([state, many]) => (
          <span key={state} className="inline-flex items-center gap-1.5">
            <StateDot state={state} /> {count > 1 && many.toLocaleString("en")} {state}
          </span>
        ))}
      </span>
      <span className="text-[13px] text-muted tabular-nums">
        {durationText(ranMs)}
        {count > 1 && `, the longest ${durationText(longestMs)}`}
        {tries > count && `, ${tries} tries`}
      </span>
    </>
  );
}

interface ChangedRowProps {
  readonly pair: ChangedTask;
  /** Ids of the runs. */
  readonly one: string;
  readonly other: string;
}

function ChangedRow({ pair, one, other }: ChangedRowProps) {
  return (
    <tr>
      <Cell>{taskText(pair.one)}</Cell>
      {[
        { runId: one, taskRun: pair.one },
        { runId: other, taskRun: pair.other },
      ].map(({ runId, taskRun }) => (
        <Cell key={runId}>
          <Link to="/runs/$runId/tasks/$number" params={{ runId, number: String(taskRun.number) }}>
            <StateBadge state={taskRun.state} />
          </Link>
        </Cell>
      ))}
    </tr>
  );
}
