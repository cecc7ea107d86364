import { useMemo } from "react";
import type { TaskRow } from "../flow-runs/run-store.ts";
import { TaskLink, useTaskLinks } from "../flow-runs/task-link.tsx";
import type { TaskRunWholeFragment } from "../generated/operations.ts";
import { Panel } from "../ui/panel.tsx";
import { StateDot } from "../ui/state-badge.tsx";

interface TaskRunNeighboursProps {
  readonly runId: string;
  readonly taskRun: Pick<TaskRunWholeFragment, "number" | "upstream">;
  readonly taskRuns: readonly TaskRow[];
}

/** Links on a side; a sum over a map may have come from thousands. */
const SHOWN = 30;

/** What the task run came from, and what came from it. */
export function TaskRunNeighbours({ runId, taskRun: { number, upstream }, taskRuns }: TaskRunNeighboursProps) {
  const follow = useTaskLinks(runId);
  const [before, after] = useMemo(() => {
    const numbers = new Set(upstream);
    return [taskRuns.filter((one) => numbers.has(one.number)), taskRuns.filter((one) => one.upstream.includes(number))];
  }, [upstream, number, taskRuns]);
  return (
    <div className="grid gap-x-4 md:grid-cols-2" onClick={follow}>
      <Side
        title="Came from"
        none="Nothing that is known: numbers and text do not tell where they came from."
        runId={runId}
        taskRuns={before}
      />
      <Side title="Went into" none="Nothing that is known." runId={runId} taskRuns={after} />
    </div>
  );
}

interface SideProps {
  readonly title: string;
  readonly none: string;
  readonly runId: string;
  readonly taskRuns: readonly TaskRow[];
}

function Side({ title, none, runId, taskRuns }: SideProps) {
  return (
    <Panel title={title}>
      {taskRuns.length === 0 && <p className="text-muted">{none}</p>}
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {taskRuns.slice(0, SHOWN).map((taskRun) => (
          <li key={taskRun.number} className="flex min-w-0 items-center gap-1.5">
            <StateDot state={taskRun.state} />
            <TaskLink runId={runId} taskRun={taskRun} />
            <span className="text-[13px] text-muted">{taskRun.state}</span>
          </li>
        ))}
      </ul>
      {taskRuns.length > SHOWN && (
        <p className="mt-1 text-muted">and {(taskRuns.length - SHOWN).toLocaleString("en")} more</p>
      )}
    </Panel>
  );
}
