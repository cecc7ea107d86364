import { type Moment, readMoment, type ScheduleClock, type ScheduleDefinition } from "@weir/protocol";
import { type Adjustment, adjustmentOf } from "./adjustment.ts";
import type { Clock } from "./clocks/clock.ts";
import { cronClock } from "./clocks/cron-clock.ts";
import { datesClock } from "./clocks/dates-clock.ts";
import { defaultAnchor, intervalClock } from "./clocks/interval-clock.ts";
import { rruleClock } from "./clocks/rrule-clock.ts";
import { type Filter, filterOf } from "./filter.ts";
import { instantOf, wallOf } from "./wall-clock.ts";

/** Times that the filters turn down before the search for the next slot is given up: a tenth of a second. From most, the search leaps far. */
const MOST_CANDIDATES = 1_000;

/** A schedule's slots as instants in milliseconds: pure, of the definition alone. */
export interface Slots {
  /** The first slot after an instant; null when there is none. */
  next(after: number): number | null;
  /** All slots after an instant, in order, each once. */
  after(instant: number): Generator<number, void, undefined>;
}

/**
 * Compiles a definition that `scheduleProblem` finds nothing wrong with.
 * @throws Error of a library that cannot read it, or cannot find a slot of it
 */
export function slotsOf(definition: ScheduleDefinition): Slots {
  const filtered = filteredClock(boundedClock(definition), definition);
  const { adjust = [], zone } = definition;
  const after = (instant: number) =>
    adjust.length === 0 ? walk(filtered, instant) : adjusted(filtered, adjustmentOf(adjust, zone), instant);
  return { after, next: (instant) => after(instant).next().value ?? null };
}

function boundedClock({ clock, zone, start, end }: ScheduleDefinition): Clock {
  const first = start === undefined ? null : instantOfText(start, zone);
  const last = end === undefined ? Infinity : instantOfText(end, zone);
  const raw = clockOf(clock, first ?? defaultAnchor(zone), zone);
  return {
    next(after) {
      const next = raw.next(first === null ? after : Math.max(after, first - 1));
      return next !== null && next <= last ? next : null;
    },
  };
}

function clockOf({ everySeconds, cron, bothDays, dates, rrule }: ScheduleClock, anchor: number, zone: string): Clock {
  if (everySeconds !== undefined) return intervalClock(everySeconds * 1000, anchor, zone);
  if (cron !== undefined) return cronClock(cron, bothDays ?? false, zone);
  if (rrule !== undefined) return rruleClock(rrule, anchor, zone);
  return datesClock((dates ?? []).map((date) => instantOfText(date, zone)));
}

function filteredClock(clock: Clock, { all = [], any = [], none = [], zone }: ScheduleDefinition): Clock {
  if (all.length + any.length + none.length === 0) return clock;
  const made = (filters: typeof all) => filters.map((filter) => filterOf(filter, zone));
  const leap = leapOf(made(all), made(any), made(none));
  return {
    next(after) {
      let from = after;
      for (let candidates = 0; candidates < MOST_CANDIDATES; candidates += 1) {
        const next = clock.next(from);
        if (next === null) return null;
        const until = leap(wallOf(next, zone));
        if (until === null) return next;
        if (until === Infinity) return null;
        from = Math.max(next, instantOf(until, zone) - 1);
      }
      return null;
    },
  };
}

/** Null: the wall-clock time is taken. Else the first one after it that may be: no filter that turned this one down changes its mind before. */
function leapOf(all: readonly Filter[], any: readonly Filter[], none: readonly Filter[]) {
  return (wall: number): number | null => {
    const against = [
      ...all.map((filter) => filter(wall)).filter(({ holds }) => !holds),
      ...none.map((filter) => filter(wall)).filter(({ holds }) => holds),
    ].map(({ until }) => until);
    const answers = any.map((filter) => filter(wall));
    if (answers.length > 0 && !answers.some(({ holds }) => holds))
      against.push(Math.min(...answers.map(({ until }) => until)));
    return against.length === 0 ? null : Math.max(...against);
  };
}

function* walk(clock: Clock, after: number): Generator<number, void, undefined> {
  for (let next = clock.next(after); next !== null; next = clock.next(next)) yield next;
}

/** Adjustments can change the order (Saturday's 10:00 becomes Monday's, behind Sunday's 8:00), so slots wait until none can come before them. */
function* adjusted(clock: Clock, adjustment: Adjustment, after: number): Generator<number, void, undefined> {
  const waiting = new Set<number>();
  let first = Infinity;
  for (const raw of walk(clock, after - adjustment.most - 1)) {
    // Not when they are equal: what this one becomes may be the same slot.
    while (first < raw + adjustment.least) {
      yield first;
      waiting.delete(first);
      first = Math.min(...waiting);
    }
    const slot = adjustment.apply(raw);
    if (slot <= after) continue;
    waiting.add(slot);
    first = Math.min(first, slot);
  }
  yield* [...waiting].sort((a, b) => a - b);
}

/** @throws Error when the text is no moment; definitions are checked before. */
export function instantOfText(text: string, zone: string): number {
  const moment: Moment | null = readMoment(text);
  if (moment === null) throw new Error(`${text} is no moment.`);
  return "wall" in moment ? instantOf(moment.wall, zone) : moment.instant;
}
