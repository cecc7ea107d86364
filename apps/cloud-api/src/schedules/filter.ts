import { dateMs, readMoment, type ScheduleFilter, timeMs } from "@weir/protocol";
import { DAY_MS, dayOf, wallOf } from "./wall-clock.ts";

/** What a filter says of a wall-clock time, and until when it says the same: the search for the next slot leaps there. */
export interface Answer {
  readonly holds: boolean;
  /** No earlier than this does the answer change. Infinity: never. */
  readonly until: number;
}

export type Filter = (wall: number) => Answer;

/** Makes a filter of its data. */
export function filterOf(filter: ScheduleFilter, zone: string): Filter {
  const { kind, from = "", to = "" } = filter;
  switch (kind) {
    case "weekday":
      return byDay((day) => isoWeekday(day) <= 5);
    case "weekend":
      return byDay((day) => isoWeekday(day) > 5);
    case "monthStart":
      return byDay((day) => new Date(day).getUTCDate() === 1);
    case "monthEnd":
      return byDay((day) => new Date(day + DAY_MS).getUTCDate() === 1);
    case "daysOfWeek":
      return byDay((day) => (filter.days ?? []).includes(isoWeekday(day)));
    case "dates":
      return onDates((filter.dates ?? []).map((date) => dateMs(date) ?? 0));
    case "datesBetween":
      return betweenDates(dateMs(`2024-${from}`) ?? 0, dateMs(`2024-${to}`) ?? 0);
    case "times":
      return atTimes((filter.times ?? []).map((time) => timeMs(time) ?? 0));
    case "timesBetween":
      return betweenTimes(timeMs(from) ?? 0, timeMs(to) ?? 0);
    case "between":
      return betweenMoments(wallOfMoment(from, zone), wallOfMoment(to, zone));
  }
}

/** 1 is Monday. 1 January 1970 was a Thursday. */
export function isoWeekday(day: number): number {
  return ((((day / DAY_MS + 3) % 7) + 7) % 7) + 1;
}

/** Four years and a day: the longest wait is that for 29 February. */
const MOST_DAYS = 1_462;

/** Looks ahead for the day that changes the answer: a division a day, where the search for a candidate costs a hundred times that. */
function byDay(holds: (day: number) => boolean): Filter {
  return (wall) => {
    const day = dayOf(wall);
    const answer = holds(day);
    let until = day + DAY_MS;
    while (until < day + MOST_DAYS * DAY_MS && holds(until) === answer) until += DAY_MS;
    return { holds: answer, until };
  };
}

function onDates(days: readonly number[]): Filter {
  return (wall) => {
    const day = dayOf(wall);
    if (days.includes(day)) return { holds: true, until: day + DAY_MS };
    return { holds: false, until: Math.min(...days.filter((other) => other > day), Infinity) };
  };
}

function betweenDates(from: number, to: number): Filter {
  const monthAndDay = (day: number) => new Date(day).getUTCMonth() * 100 + new Date(day).getUTCDate();
  const [first, last] = [monthAndDay(from), monthAndDay(to)];
  return byDay((day) => isBetween(monthAndDay(day), first, last));
}

/** Both ends belong to it; an end before the beginning is past midnight, or past the year's end. */
function isBetween(value: number, from: number, to: number): boolean {
  return from <= to ? value >= from && value <= to : value >= from || value <= to;
}

function atTimes(times: readonly number[]): Filter {
  return (wall) => {
    const day = dayOf(wall);
    const next = Math.min(...times.filter((time) => day + time > wall), DAY_MS);
    const holds = times.includes(wall - day);
    // It holds for this very moment alone.
    return { holds, until: holds ? wall + 1 : day + next };
  };
}

function betweenTimes(from: number, to: number): Filter {
  return (wall) => {
    const day = dayOf(wall);
    const edges = [day + from, day + to + 1, day + DAY_MS];
    return { holds: isBetween(wall - day, from, to), until: Math.min(...edges.filter((edge) => edge > wall)) };
  };
}

function betweenMoments(from: number, to: number): Filter {
  return (wall) => {
    if (wall < from) return { holds: false, until: from };
    return wall <= to ? { holds: true, until: to + 1 } : { holds: false, until: Infinity };
  };
}

function wallOfMoment(text: string, zone: string): number {
  const moment = readMoment(text);
  if (moment === null) throw new Error(`${text} is no moment.`);
  return "wall" in moment ? moment.wall : wallOf(moment.instant, zone);
}
