import { useNavigate, useSearch } from "@tanstack/react-router";
import type { StateName } from "@weir/protocol/state";
import { useMemo } from "react";
import { Chip } from "../ui/chip.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { StateDot } from "../ui/state-badge.tsx";
import { useNow } from "../ui/time.tsx";
import type { RunSearch } from "./run-search.ts";
import type { TaskRow } from "./run-store.ts";
import { chosenTasks, countStates } from "./run-tasks-list.ts";
import { RunTasksTable } from "./run-tasks-table.tsx";

interface RunTasksProps {
  readonly runId: string;
  readonly taskRuns: readonly TaskRow[];
}

/** All task runs of a run in a table that narrows by its address. */
export function RunTasks({ runId, taskRuns }: RunTasksProps) {
  const search = useSearch({ from: "/runs/$runId" });
  const navigate = useNavigate({ from: "/runs/$runId" });
  const now = useNow(5_000);
  const chosen = useMemo(() => chosenTasks(taskRuns, search, now), [taskRuns, search, now]);
  const change = (wanted: (before: RunSearch) => RunSearch) =>
    void navigate({ replace: true, resetScroll: false, search: wanted });
  return (
    <Panel flush>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2 px-4 py-3">
        <div className="w-56 max-w-full">
          <FilterField
            label="Task, key or tag"
            value={search.task ?? ""}
            change={(task) => change(({ task: _before, ...others }) => (task === "" ? others : { ...others, task }))}
          />
        </div>
        <StateChips
          taskRuns={taskRuns}
          chosen={search.state ?? []}
          change={(state) =>
            change(({ state: _before, ...others }) => (state.length === 0 ? others : { ...others, state }))
          }
        />
      </div>
      {chosen.length === 0 ? (
        <p className="border-t border-line px-4 py-8 text-center text-muted">
          {taskRuns.length === 0 ? "No task of the run has begun." : "No task run is like that."}
        </p>
      ) : (
        <RunTasksTable runId={runId} taskRuns={chosen} search={search} change={change} now={now} />
      )}
    </Panel>
  );
}

interface StateChipsProps {
  readonly taskRuns: readonly TaskRow[];
  readonly chosen: readonly StateName[];
  readonly change: (chosen: StateName[]) => void;
}

function StateChips({ taskRuns, chosen, change }: StateChipsProps) {
  const counts = useMemo(() => countStates(taskRuns), [taskRuns]);
  return (
    <div role="group" aria-label="States" className="flex flex-wrap gap-1.5">
      {counts.map(([state, count]) => {
        const isChosen = chosen.includes(state);
        return (
          <Chip
            key={state}
            pressed={isChosen}
            onClick={() => change(isChosen ? chosen.filter((one) => one !== state) : [...chosen, state])}
          >
            <StateDot state={state} /> {state} <span className="tabular-nums">{count.toLocaleString("en")}</span>
          </Chip>
        );
      })}
    </div>
  );
}
