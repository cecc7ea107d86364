import { STATE_NAMES, type StateName } from "@weir/protocol/state";
import type { RunSearch, TaskOrder } from "./run-search.ts";
import type { TaskRow } from "./run-store.ts";

/** Milliseconds between begin and end; of what goes on until now, of what has not begun -1. */
export function tookMs({ startedAt, endedAt }: Pick<TaskRow, "startedAt" | "endedAt">, now: number): number {
  if (startedAt === null) return -1;
  return (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt);
}

const ORDERS: Record<TaskOrder, (one: TaskRow, other: TaskRow, now: number) => number> = {
  number: (one, other) => one.number - other.number,
  task: (one, other) => one.task.localeCompare(other.task) || (one.mapIndex ?? 0) - (other.mapIndex ?? 0),
  state: (one, other) => STATE_NAMES.indexOf(one.state) - STATE_NAMES.indexOf(other.state),
  started: (one, other) => (one.startedAt ?? "9").localeCompare(other.startedAt ?? "9"),
  duration: (one, other, now) => tookMs(one, now) - tookMs(other, now),
  tries: (one, other) => one.tryNumber - other.tryNumber,
};

/** The task runs that the address asks for, in its order. */
export function chosenTasks(taskRuns: readonly TaskRow[], search: RunSearch, now: number): readonly TaskRow[] {
  const { by = "number", desc = false } = search;
  const chosen = narrowed(taskRuns, search);
  if (by === "number" && !desc) return chosen;
  const order = ORDERS[by];
  const sign = desc ? -1 : 1;
  return chosen.toSorted((one, other) => sign * order(one, other, now) || one.number - other.number);
}

function narrowed(taskRuns: readonly TaskRow[], { state, task }: RunSearch): readonly TaskRow[] {
  if (state === undefined && task === undefined) return taskRuns;
  const text = task?.toLowerCase();
  return taskRuns.filter(
    (one) =>
      (state === undefined || state.includes(one.state)) &&
      (text === undefined || `${one.task} ${one.key ?? ""} ${one.tags.join(" ")}`.toLowerCase().includes(text)),
  );
}

/** How many task runs stand in each state that there is, in the order of the states. */
export function countStates(taskRuns: readonly TaskRow[]): (readonly [StateName, number])[] {
  const counts = new Map<StateName, number>();
  for (const { state } of taskRuns) counts.set(state, (counts.get(state) ?? 0) + 1);
  return STATE_NAMES.flatMap((state) => (counts.has(state) ? [[state, counts.get(state) ?? 0] as const] : []));
}
