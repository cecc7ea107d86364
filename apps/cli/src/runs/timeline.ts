import type { StateName } from "@weir/protocol";
import { isFailed, isFinished } from "@weir/protocol/state";
import type { TaskRun } from "../connection/answers.ts";
import type { Io } from "../io.ts";
import { spanBar } from "../terminal/bar.ts";
import { cleanLine } from "../terminal/clean.ts";
import { duration } from "../terminal/quantity.ts";
import { paintState, stateMark } from "../terminal/state-mark.ts";
import { fit, pad } from "../terminal/width.ts";

/** One row of a timeline: a task run, or a mapped one with all its children. */
export interface TimelineRow {
  readonly task: string;
  /** Subflows that it is in. */
  readonly depth: number;
  readonly state: StateName;
  /** How many children; null for a task run that is not mapped. */
  readonly children: number | null;
  /** Milliseconds since 1970 by the clock of whoever ran it; null before it began. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** The most tries that any of them took. */
  readonly tries: number;
  /** Children that did not succeed. */
  readonly failed: number;
}

const time = (text: string | null): number | null => (text === null ? null : Date.parse(text));
const least = (moments: readonly number[]): number | null => (moments.length === 0 ? null : Math.min(...moments));
const most = (moments: readonly number[]): number | null => (moments.length === 0 ? null : Math.max(...moments));

/**
 * Folds the children of mapped task runs into one row each; what a subflow calls stands below it. In order of their numbers, which is the
 * order of the calls.
 */
export function timelineRows(taskRuns: readonly TaskRun[]): TimelineRow[] {
  const within = Map.groupBy(taskRuns, ({ parent }) => parent);
  const rowsOf = (parent: number | null, depth: number): TimelineRow[] =>
    (within.get(parent) ?? []).flatMap((taskRun) => {
      if (taskRun.mapIndex !== null) return [];
      const children = (within.get(taskRun.number) ?? []).filter(({ mapIndex }) => mapIndex !== null);
      return [rowOf(taskRun, children, depth), ...rowsOf(taskRun.number, depth + 1)];
    });
  return rowsOf(null, 0);
}

function rowOf(taskRun: TaskRun, children: readonly TaskRun[], depth: number): TimelineRow {
  const all = [taskRun, ...children];
  const ends = all.map(({ endedAt }) => time(endedAt)).filter((moment) => moment !== null);
  const isOver = all.every(({ state }) => isFinished(state));
  return {
    task: taskRun.name ?? taskRun.task,
    depth,
    state: stateOf(taskRun, children),
    children: taskRun.mapCount ?? (children.length > 0 ? children.length : null),
    startedAt: least(all.map(({ startedAt }) => time(startedAt)).filter((moment) => moment !== null)),
    endedAt: isOver ? most(ends) : null,
    tries: Math.max(...all.map(({ tryNumber }) => tryNumber)),
    failed: children.filter(({ state }) => isFailed(state)).length,
  };
}

/** A mapped task run is Mapped as soon as its children exist: what matters to people is how those stand. */
function stateOf(taskRun: TaskRun, children: readonly TaskRun[]): StateName {
  const failed = children.find(({ state }) => isFailed(state));
  if (failed !== undefined) return failed.state;
  const open = children.find(({ state }) => !isFinished(state));
  return open === undefined ? taskRun.state : open.state;
}

const NAME = 26;
const DURATION = 9;
const NOTE = 12;

/** The timeline as lines: a bar per row, on a common axis from the first start to the last end. */
export function timelineLines(io: Io, taskRuns: readonly TaskRun[], now: number): string[] {
  const rows = timelineRows(taskRuns);
  const begin = least(rows.map(({ startedAt }) => startedAt).filter((moment) => moment !== null));
  if (begin === null) return [io.paint.dim("  no task has begun")];
  const end = Math.max(begin + 1, ...rows.map((row) => row.endedAt ?? (row.startedAt === null ? begin : now)));
  const cells = io.columns - NAME - DURATION - NOTE - 8;
  const axis = `${pad("", NAME + 6)}${io.paint.dim(`0 ${"·".repeat(Math.max(0, cells - duration(end - begin).length - 3))} ${duration(end - begin)}`)}`;
  return [axis, ...rows.map((row) => rowLine(io, row, { begin, end, cells }))];
}

function rowLine(io: Io, row: TimelineRow, scale: { begin: number; end: number; cells: number }): string {
  const count = row.children === null ? "" : ` ×${row.children}`;
  const inset = "  ".repeat(Math.min(row.depth, 4));
  const name = `${inset}${fit(cleanLine(row.task), NAME - count.length - inset.length)}${count}`;
  const head = `  ${paintState(io, row.state, stateMark(row.state))} ${pad(name, NAME)}  `;
  if (row.startedAt === null) return `${head}${io.paint.dim(row.state)}`;
  const ended = row.endedAt ?? scale.end;
  const share = (moment: number): number => (moment - scale.begin) / (scale.end - scale.begin);
  const { before, length } = spanBar(share(row.startedAt), share(ended), scale.cells);
  const bar = `${" ".repeat(before)}${paintState(io, row.state, "━".repeat(length))}${" ".repeat(scale.cells - before - length)}`;
  const note = noteOf(row);
  return `${head}${bar} ${pad(duration(ended - row.startedAt), DURATION, "start")}${note === "" ? "" : io.paint.dim(`  ${note}`)}`;
}

function noteOf({ tries, failed, state }: TimelineRow): string {
  if (failed > 0) return `${failed} failed`;
  if (tries > 1) return `${tries} tries`;
  return state === "Success" || state === "Mapped" ? "" : state;
}
