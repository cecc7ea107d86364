import type { TaskRow } from "./run-store.ts";
import type { View } from "./timeline-view.ts";

/** From when to when a timeline goes, in milliseconds since 1970. */
export interface TimelineSpan {
  readonly begin: number;
  readonly end: number;
}

interface Times {
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/**
 * All that happened to a run's task runs, and the run around it. Clocks of agent and cloud may disagree, so the run's own moments alone would
 * leave something out. Null: nothing has begun.
 */
export function spanOf(run: Times, taskRuns: readonly TaskRow[], now: number): TimelineSpan | null {
  // ISO 8601 in UTC is in order as text.
  let first = run.startedAt;
  let last = run.endedAt;
  for (const { states } of taskRuns) {
    const begun = states[0]?.at;
    const ended = states.at(-1)?.at;
    if (begun !== undefined && (first === null || begun < first)) first = begun;
    if (ended !== undefined && (last === null || ended > last)) last = ended;
  }
  if (first === null) return null;
  const begin = Date.parse(first);
  const end = run.endedAt === null ? now : Date.parse(last ?? first);
  return { begin, end: Math.max(end, begin + 1) };
}

/** When each attempt's task runs did something, as views of the timeline; nothing where there was one attempt. */
export function viewsOfAttempts(taskRuns: readonly TaskRow[], begin: number): ReadonlyMap<number, View> {
  const times = new Map<number, { first: string; last: string }>();
  for (const { attempt, at } of taskRuns.flatMap(({ states }) => states)) {
    const known = times.get(attempt) ?? { first: at, last: at };
    times.set(attempt, { first: at < known.first ? at : known.first, last: at > known.last ? at : known.last });
  }
  if (times.size < 2) return new Map();
  const attempts = [...times].sort(([one], [other]) => one - other);
  return new Map(
    attempts.map(([attempt, { first, last }]) => [
      attempt,
      { from: Date.parse(first) - begin, to: Math.max(Date.parse(last), Date.parse(first) + 1) - begin },
    ]),
  );
}
