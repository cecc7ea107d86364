import { isFailed, isFinished, type StateName } from "@weir/protocol/state";
import type { TaskRow } from "./run-store.ts";

/** What stands below a task run, in numbers. Moments are ISO 8601. */
export interface Below {
  readonly count: number;
  readonly byState: ReadonlyMap<StateName, number>;
  readonly from: string | null;
  /** Null while one of them goes on, or none has begun. */
  readonly to: string | null;
}

/** A line of the timeline. */
export interface TimelineRow {
  readonly taskRun: TaskRow;
  readonly depth: number;
  /** Null: nothing can be opened. */
  readonly below: Below | null;
  readonly isOpen: boolean;
}

/** Task runs by what stands above them; 0: nothing does. */
type Family = ReadonlyMap<number, readonly TaskRow[]>;

export function familyOf(taskRuns: readonly TaskRow[]): Family {
  return Map.groupBy(taskRuns, ({ parent }) => parent ?? 0);
}

/**
 * Lines in the order in which a person reads them: what stands below a line follows it where it is open. Children of a map begin folded, task
 * runs of a subflow open.
 * @param turned numbers of those that a person opened or folded
 */
export function rowsOf(family: Family, turned: ReadonlySet<number>): TimelineRow[] {
  const rows: TimelineRow[] = [];
  const add = (parent: number, depth: number) => {
    for (const taskRun of family.get(parent) ?? []) {
      const below = belowOf(family, taskRun.number);
      const isOpen = below !== null && (taskRun.mapCount === null) !== turned.has(taskRun.number);
      rows.push({ taskRun, depth, below, isOpen });
      if (isOpen) add(taskRun.number, depth + 1);
    }
  };
  add(0, 0);
  return rows;
}

function belowOf(family: Family, number: number): Below | null {
  const children = family.get(number);
  if (children === undefined) return null;
  const byState = new Map<StateName, number>();
  let from: string | null = null;
  let to: string | null = null;
  let isOver = true;
  for (const { state, startedAt, endedAt } of children) {
    byState.set(state, (byState.get(state) ?? 0) + 1);
    // ISO 8601 in UTC is in order as text.
    if (startedAt !== null && (from === null || startedAt < from)) from = startedAt;
    if (endedAt !== null && (to === null || endedAt > to)) to = endedAt;
    isOver &&= isFinished(state);
  }
  return { count: children.length, byState, from, to: isOver ? to : null };
}

/** How all of it stands, in one state: failed where one did, over when all are, otherwise running or waiting. */
export function stateOfBelow({ byState }: Below): StateName {
  const states = [...byState.keys()];
  return (
    states.find(isFailed) ??
    states.find((state) => state === "Running") ??
    states.find((state) => !isFinished(state)) ??
    states[0] ??
    "Pending"
  );
}
