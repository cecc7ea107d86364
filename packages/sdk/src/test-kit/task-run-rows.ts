import type { KnownTaskRun, ResultEvent, TaskEvent, TaskRunEvent } from "@weir/protocol";
import { isSuccessful } from "@weir/protocol/state";

/** A task run as a cloud keeps it: what the next claim tells, and the edges that a restart follows. */
export interface TaskRunRow extends KnownTaskRun {
  readonly upstream: readonly number[];
}

const identityOf = ({ number, task, ordinal, key, mapIndex, parent }: TaskRunRow | TaskRunEvent) => ({
  number,
  task,
  ordinal,
  ...(key === undefined ? {} : { key }),
  ...(mapIndex === undefined ? {} : { mapIndex }),
  ...(parent === undefined ? {} : { parent }),
});

/** A task run that comes to be, or begins again. */
export function declaredRow(event: TaskRunEvent, before: TaskRunRow | undefined): TaskRunRow {
  const { upstream = before?.upstream ?? [] } = event;
  return { ...identityOf(event), upstream, state: "Pending", tryNumber: before?.tryNumber ?? 0 };
}

/** A task run after a transition, or after its result was written later. */
export function movedRow(row: TaskRunRow, event: TaskEvent | ResultEvent): TaskRunRow {
  if (event.kind === "result") return { ...row, location: event.location };
  const { state, tryNumber, startTime, location, mapCount, loopCount } = event;
  const { startTime: _before, ...rest } = row;
  return {
    ...rest,
    state,
    ...(tryNumber === undefined ? {} : { tryNumber }),
    ...(startTime === undefined ? {} : { startTime }),
    ...(location === undefined ? {} : { location }),
    ...(mapCount === undefined ? {} : { mapCount }),
    ...(loopCount === undefined ? {} : { loopCount }),
  };
}

/** Task runs that depend on one child of a map: the children of its index where that map is mapped over, else the whole run. */
function followers(rows: readonly TaskRunRow[], { parent, mapIndex }: TaskRunRow): TaskRunRow[] {
  if (parent === undefined || mapIndex === undefined) return [];
  const count = rows.find(({ number }) => number === parent)?.mapCount;
  return rows
    .filter(({ upstream }) => upstream.includes(parent))
    .flatMap((row) =>
      row.state === "Mapped" && row.mapCount === count
        ? rows.filter((child) => child.parent === row.number && child.mapIndex === mapIndex)
        : [row],
    );
}

/** Numbers of the task runs that a restart begins again: those that did not succeed, and all that depends on them. */
function toBeginAgain(rows: readonly TaskRunRow[]): ReadonlySet<number> {
  const chosen = new Set<number>();
  const open = rows.filter(({ state }) => !isSuccessful(state));
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    if (chosen.has(row.number)) continue;
    const { number } = row;
    chosen.add(number);
    // A mapped run takes its children along. What a subflow has finished stays: only the subflow's own function runs again.
    const isChild = ({ parent, mapIndex }: TaskRunRow): boolean => parent === number && mapIndex !== undefined;
    open.push(...rows.filter((one) => isChild(one) || one.upstream.includes(number)));
    open.push(...followers(rows, row));
  }
  return chosen;
}

/** What a person's restart makes of the rows, as the cloud does it. */
export function restartedRows(rows: readonly TaskRunRow[]): TaskRunRow[] {
  const again = toBeginAgain(rows);
  return rows.map((row) =>
    again.has(row.number) ? { ...identityOf(row), upstream: row.upstream, state: "Pending", tryNumber: 0 } : row,
  );
}

/** What a person's approval makes of the rows. */
export function approvedRows(rows: readonly TaskRunRow[], isMeant: (row: TaskRunRow) => boolean): TaskRunRow[] {
  return rows.map((row) => (row.state === "Paused" && isMeant(row) ? { ...row, approved: true } : row));
}

/** The rows as a claim tells them. */
export function knownOf(rows: readonly TaskRunRow[]): KnownTaskRun[] {
  return rows.map(({ upstream: _upstream, ...known }) => known);
}
