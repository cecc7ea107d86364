import { LOG_LEVELS, type LogLevel } from "@weir/protocol";
import { likeText } from "../database/like-text.ts";
import { type EventPosition, FIRST_EVENT, LAST_EVENT, LAST_NUMBER, type Page } from "../graphql/page.ts";

/** What lines of a run are narrowed by; absent or null: by nothing. */
export interface LogFilter {
  readonly attempt?: number | null | undefined;
  readonly levels?: readonly LogLevel[] | null | undefined;
  readonly taskRunNumber?: number | null | undefined;
  readonly textContains?: string | null | undefined;
}

/** Lines of a run that one filtered question looks at: 20 ms or so of a database that has them at hand. */
export const MOST_LOOKED_AT = 20_000;

/** Characters of a text that is searched for. */
export const MOST_SEARCHED = 200;

/** Whether lines are left out for what they are, and not for where they stand. */
export function leavesOut({ levels, taskRunNumber, textContains }: LogFilter): boolean {
  return [levels, taskRunNumber, textContains].some((value) => value !== undefined && value !== null);
}

interface Range {
  readonly after: EventPosition;
  readonly before: EventPosition;
}

/** Between which events a page lies, both left out. An attempt is a range of its own, so that nothing outside it is looked at. */
export function rangeOf({ after, before }: Page<EventPosition>, { attempt }: LogFilter): Range {
  const asked = { after: after ?? FIRST_EVENT, before: before ?? LAST_EVENT };
  if (attempt === undefined || attempt === null) return asked;
  // A number that no attempt can have names none; Postgres would not take it.
  const own = Math.min(Math.max(attempt, -1), LAST_EVENT.attempt);
  const [lowest, highest] = [
    { attempt: own, number: 0 },
    { attempt: own, number: LAST_NUMBER },
  ];
  return {
    after: isBefore(asked.after, lowest) ? lowest : asked.after,
    before: isBefore(highest, asked.before) ? highest : asked.before,
  };
}

const isBefore = (a: EventPosition, b: EventPosition) =>
  a.attempt < b.attempt || (a.attempt === b.attempt && a.number < b.number);

/** What a filter is to the statement: levels in tens, a task run, a pattern. */
export function wantedOf({ levels, taskRunNumber, textContains }: LogFilter): readonly unknown[] {
  return [
    levels?.map((level) => LOG_LEVELS[level]) ?? null,
    taskRunNumber ?? null,
    textContains === undefined || textContains === null ? null : `%${likeText(textContains)}%`,
  ];
}
