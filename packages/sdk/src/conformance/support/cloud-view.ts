import type { KnownTaskRun, RunEvent } from "@weir/protocol";
import { isSuccessful } from "@weir/protocol/state";

/** A task run as the cloud keeps it: what the next claim tells, and the edges that a restart follows. */
export interface TaskRunRow extends KnownTaskRun {
  readonly upstream: readonly number[];
}

type Draft = { -readonly [K in keyof TaskRunRow]: TaskRunRow[K] };
type Carried = "tryNumber" | "startTime" | "location" | "mapCount" | "loopCount";
const CARRIED: readonly Carried[] = ["tryNumber", "startTime", "location", "mapCount", "loopCount"];

function declared(event: Extract<RunEvent, { kind: "task-run" }>, before: TaskRunRow | undefined): Draft {
  const { number, task, ordinal, key, mapIndex, parent, upstream = before?.upstream ?? [] } = event;
  return {
    number,
    task,
    ordinal,
    upstream,
    state: "Pending",
    tryNumber: before?.tryNumber ?? 0,
    ...(key === undefined ? {} : { key }),
    ...(mapIndex === undefined ? {} : { mapIndex }),
    ...(parent === undefined ? {} : { parent }),
  };
}

function moved(row: Draft, event: Extract<RunEvent, { kind: "task" }>): void {
  row.state = event.state;
  const told = CARRIED.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]);
  Object.assign(row, Object.fromEntries(told));
}

/** Folds the events of an attempt into the rows of the attempts before, as the cloud does. */
export function rowsAfter(events: readonly RunEvent[], before: readonly TaskRunRow[] = []): TaskRunRow[] {
  const rows = new Map<number, Draft>(before.map((row) => [row.number, { ...row }]));
  for (const event of events) {
    if (event.kind === "task-run") rows.set(event.number, declared(event, rows.get(event.number)));
    if (event.kind !== "task" && event.kind !== "result") continue;
    const row = rows.get(event.number);
    if (row === undefined) continue;
    if (event.kind === "task") moved(row, event);
    else row.location = event.location;
  }
  return [...rows.values()];
}

/** Which rows a restart makes Pending: what did not succeed, and all that is downstream of it; a child takes its list's consumers along. */
function beginAgain(rows: readonly TaskRunRow[]): Set<number> {
  const chosen = new Set<number>();
  const succeeded = new Set(rows.filter(({ state }) => isSuccessful(state)).map(({ number }) => number));
  const isHandled = ({ parent, mapIndex }: TaskRunRow) => mapIndex === undefined && succeeded.has(parent ?? 0);
  const open = rows.filter((row) => !succeeded.has(row.number) && !isHandled(row));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (chosen.has(next.number)) continue;
    chosen.add(next.number);
    const { number, parent, mapIndex } = next;
    open.push(...rows.filter((row) => isChild(row, number) || row.upstream.includes(number)));
    if (parent !== undefined && mapIndex !== undefined) open.push(...followers(rows, parent, mapIndex));
  }
  return chosen;
}

/** Of a map; the task runs of a subflow stand for themselves. */
const isChild = ({ parent, mapIndex }: TaskRunRow, of: number): boolean => parent === of && mapIndex !== undefined;

/** A map over a map goes index by index; what takes the list whole follows whole. */
function followers(rows: readonly TaskRunRow[], parent: number, mapIndex: number): TaskRunRow[] {
  const count = rows.find((row) => row.number === parent)?.mapCount;
  return rows
    .filter(({ upstream }) => upstream.includes(parent))
    .flatMap((row) => {
      if (row.state !== "Mapped" || row.mapCount !== count) return [row];
      return rows.filter((child) => child.parent === row.number && child.mapIndex === mapIndex);
    });
}

/** What `restartFlowRun` leaves: one transaction in the cloud, one function here. */
export function restarted(rows: readonly TaskRunRow[]): TaskRunRow[] {
  const again = beginAgain(rows);
  return rows.map((row) => {
    if (!again.has(row.number)) return row;
    const { number, task, ordinal, key, mapIndex, parent, upstream } = row;
    return {
      number,
      task,
      ordinal,
      upstream,
      state: "Pending" as const,
      tryNumber: 0,
      ...(key === undefined ? {} : { key }),
      ...(mapIndex === undefined ? {} : { mapIndex }),
      ...(parent === undefined ? {} : { parent }),
    };
  });
}

/** The rows as a claim tells them. */
export function knownOf(rows: readonly TaskRunRow[]): KnownTaskRun[] {
  return rows.map(({ upstream: _upstream, ...known }) => known);
}
