import { useVirtualizer } from "@tanstack/react-virtual";
import { isFinished } from "@weir/protocol/state";
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, useRef } from "react";
import { StateBadge } from "../ui/state-badge.tsx";
import { durationText } from "../ui/time-text.ts";
import { Ago } from "../ui/time.tsx";
import type { RunSearch, TaskOrder } from "./run-search.ts";
import type { TaskRow } from "./run-store.ts";
import { tookMs } from "./run-tasks-list.ts";
import { TaskLink, useTaskLinks } from "./task-link.tsx";

const ROW_PX = 36;
const COLUMNS =
  "grid grid-cols-[minmax(0,1fr)_7rem_5rem] items-center gap-x-3 px-4 md:grid-cols-[5.5rem_minmax(0,1fr)_9rem_4rem_8rem_6rem]";
const HEAD: readonly (readonly [order: TaskOrder, title: string, look: string])[] = [
  ["number", "Number", "hidden md:flex"],
  ["task", "Task", "flex"],
  ["state", "State", "flex"],
  ["tries", "Tries", "hidden md:flex"],
  ["started", "Started", "hidden md:flex"],
  ["duration", "Took", "flex"],
];

interface RunTasksTableProps {
  readonly runId: string;
  /** In the order in which they are shown. */
  readonly taskRuns: readonly TaskRow[];
  readonly search: RunSearch;
  readonly change: (wanted: (before: RunSearch) => RunSearch) => void;
  readonly now: number;
}

/** The rows that are in sight, of however many there are. */
export function RunTasksTable({ runId, taskRuns, search, change, now }: RunTasksTableProps) {
  const place = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: taskRuns.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    getItemKey: (index) => taskRuns[index]?.number ?? index,
  });
  return (
    <div
      ref={place}
      role="table"
      aria-label="Task runs"
      aria-rowcount={taskRuns.length + 1}
      tabIndex={0}
      onClick={useTaskLinks(runId)}
      className="max-h-[70vh] overflow-x-hidden overflow-y-auto overscroll-contain border-t border-line"
    >
      <Head search={search} change={change} />
      <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const taskRun = taskRuns[index];
          return (
            taskRun && (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                className={`absolute inset-x-0 top-0 border-b border-line/60 hover:bg-raised ${COLUMNS}`}
                style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
              >
                <Cells runId={runId} taskRun={taskRun} now={isFinished(taskRun.state) ? 0 : now} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function Head({ search, change }: Pick<RunTasksTableProps, "search" | "change">) {
  const { by = "number", desc = false } = search;
  const order = (wanted: TaskOrder) =>
    change(({ by: _by, desc: _desc, ...others }) => ({
      ...others,
      ...(wanted !== "number" && { by: wanted }),
      ...(wanted === by && !desc && { desc: true as const }),
    }));
  return (
    <div role="row" aria-rowindex={1} className={`sticky top-0 z-10 border-b border-line bg-panel ${COLUMNS}`}>
      {HEAD.map(([one, title, look]) => {
        const isBy = one === by;
        const Arrow = desc ? ArrowDown : ArrowUp;
        return (
          <div
            key={one}
            role="columnheader"
            aria-sort={isBy ? (desc ? "descending" : "ascending") : "none"}
            className={`${look} ${one === "duration" ? "justify-end" : ""}`}
          >
            <button
              type="button"
              onClick={() => order(one)}
              className="flex items-center gap-1 py-2 text-muted hover:text-ink"
            >
              {title} {isBy && <Arrow size={13} aria-hidden />}
            </button>
          </div>
        );
      })}
    </div>
  );
}

interface CellsProps {
  readonly runId: string;
  readonly taskRun: TaskRow;
  readonly now: number;
}

const Cells = memo(function Cells({ runId, taskRun, now }: CellsProps) {
  const { number, startedAt, state, tags, tryNumber } = taskRun;
  const took = tookMs(taskRun, now);
  return (
    <>
      <span role="cell" className="hidden text-muted tabular-nums md:block">
        {number}
      </span>
      <span role="cell" className="flex min-w-0 gap-2">
        <TaskLink runId={runId} taskRun={taskRun} />
        {tags.length > 0 && <span className="truncate text-[13px] text-muted">{tags.join(", ")}</span>}
      </span>
      <span role="cell">
        <StateBadge state={state} />
      </span>
      <span role="cell" className="hidden tabular-nums md:block">
        {tryNumber === 0 ? <span className="text-muted">–</span> : tryNumber}
      </span>
      <span role="cell" className="hidden md:block">
        <Ago at={startedAt} />
      </span>
      <span role="cell" className="text-right tabular-nums">
        {took < 0 ? <span className="text-muted">–</span> : durationText(took)}
      </span>
    </>
  );
});
