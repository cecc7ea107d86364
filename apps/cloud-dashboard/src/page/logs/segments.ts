import type { LogLinesQuery, LogsHeadQuery } from "../generated/operations.ts";
import type { LinePlace } from "./logs-search.ts";

/** A line as the cloud tells it. */
export type LogLine = NonNullable<NonNullable<LogLinesQuery["flowRun"]>["logs"]>["nodes"][number];
/** Where lines of an attempt are. */
export type LogExtent = NonNullable<NonNullable<LogsHeadQuery["flowRun"]>["logExtents"]>[number];

/** A span of event numbers of one attempt: as much as is asked for at once, and shown as one. */
export interface Segment {
  readonly key: string;
  readonly attempt: number;
  /** First number of the span. */
  readonly from: number;
  /** Left out. */
  readonly to: number;
  /** Up to this number, lines are there. */
  readonly until: number;
  /** Null: none is at hand, they were never asked for or dropped. */
  readonly lines: readonly LogLine[] | null;
  /** How many lines there were when they were there last; null: nobody knows. */
  readonly count: number | null;
}

/** Numbers of a span. With a filter most of it is left out; the cloud looks at no more at once. */
export const SPAN = { all: 100, filtered: 20_000 } as const;

export function newSegment(attempt: number, from: number, to: number): Segment {
  return { key: `${attempt}.${from}`, attempt, from, to, until: from - 1, lines: null, count: null };
}

/** Spans of all attempts, those that are known left as they are: an attempt that goes on gets more at its end. */
export function extended(known: readonly Segment[], extents: readonly LogExtent[], span: number): Segment[] {
  return extents.flatMap(({ attempt, first, last }) => {
    const own = known.filter((segment) => segment.attempt === attempt);
    const more: Segment[] = [];
    for (let from = own.at(-1)?.to ?? first; from <= last; from += span)
      more.push(newSegment(attempt, from, from + span));
    return [...own, ...more];
  });
}

/** Whether lines of it are still to be asked for. */
export const isDue = ({ until, to }: Segment, last: number): boolean => until < Math.min(to - 1, last);

/** What was answered for a span. `next`: where the cloud stopped looking; null: all was looked at. */
export interface Answered {
  readonly lines: readonly LogLine[];
  readonly next: number | null;
}

/**
 * A span with what was answered; a second one for the rest, where the cloud stopped.
 * @param last of the attempt, as it was known before it was asked
 */
export function filled(segment: Segment, { lines, next }: Answered, last: number): Segment[] {
  const all = [...(segment.lines ?? []), ...lines];
  const to = next === null ? segment.to : next + 1;
  const until = next ?? Math.max(Math.min(to - 1, last), lines.at(-1)?.number ?? 0);
  const own = { ...segment, to, until, lines: all, count: all.length };
  return to < segment.to ? [own, newSegment(segment.attempt, to, segment.to)] : [own];
}

/** A span whose lines were dropped: how many there were stays known. */
export const emptied = (segment: Segment): Segment => ({ ...segment, lines: null, until: segment.from - 1 });

/** The span of a place; −1: there is none. */
export const indexOfPlace = (segments: readonly Segment[], { attempt, number }: LinePlace): number =>
  segments.findIndex((segment) => segment.attempt === attempt && number >= segment.from && number < segment.to);
