import { useMemo, useState } from "react";
import type { RunSearch } from "../flow-runs/run-search.ts";
import type { TaskRow } from "../flow-runs/run-store.ts";
import { chosenTasks, countStates } from "../flow-runs/run-tasks-list.ts";
import { RunTasksTable } from "../flow-runs/run-tasks-table.tsx";
import { Panel } from "../ui/panel.tsx";
import { StateDot } from "../ui/state-badge.tsx";
import { useNow } from "../ui/time.tsx";
import { DotGrid } from "./dot-grid.tsx";

interface MappedChildrenProps {
  readonly runId: string;
  /** Of the mapped task run. */
  readonly number: number;
  /** All of its run. */
  readonly taskRuns: readonly TaskRow[];
}

/** What a map made: a dot for each, and a table. */
export function MappedChildren({ runId, number, taskRuns }: MappedChildrenProps) {
  const [search, setSearch] = useState<RunSearch>({ by: "task" });
  const now = useNow(5_000);
  // They are numbered in the order in which they began.
  const children = useMemo(
    () =>
      chosenTasks(
        taskRuns.filter(({ parent }) => parent === number),
        { by: "task" },
        0,
      ),
    [taskRuns, number],
  );
  const shown = useMemo(() => chosenTasks(children, search, now), [children, search, now]);
  return (
    <Panel
      title={`${children.length.toLocaleString("en")} children`}
      actions={
        <ul className="flex flex-wrap gap-x-4">
          {countStates(children).map(([state, count]) => (
            <li key={state} className="flex items-center gap-1.5">
              <StateDot state={state} /> {count.toLocaleString("en")} {state}
            </li>
          ))}
        </ul>
      }
      flush
    >
      <DotGrid runId={runId} taskRuns={children} />
      <RunTasksTable runId={runId} taskRuns={shown} search={search} change={setSearch} now={now} />
    </Panel>
  );
}
