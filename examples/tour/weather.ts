import type { RawDay } from "./data.ts";

/** Millimetres and degrees Celsius. */
export interface Day {
  readonly date: string;
  readonly rain: number;
  readonly high: number;
  readonly low: number;
}

export interface Month {
  readonly month: string;
  readonly days: number;
  readonly wetDays: number;
  readonly rain: number;
  readonly high: number;
  readonly low: number;
}

const round = (value: number): number => Math.round(10 * value) / 10;

/** Null for a day that cannot be counted. */
export function parseDay({ date, precipitation, temp_max, temp_min }: RawDay): Day | null {
  const day = {
    date: date.replaceAll("/", "-"),
    rain: Number(precipitation),
    high: Number(temp_max),
    low: Number(temp_min),
  };
  return [day.rain, day.high, day.low].every(Number.isFinite) && day.low <= day.high ? day : null;
}

/** Days by month: `2012-01`. */
export function byMonth(days: readonly Day[]): Day[][] {
  const groups = Object.groupBy(days, ({ date }) => date.slice(0, 7));
  return Object.values(groups).flatMap((group) => (group === undefined ? [] : [group]));
}

export function summarizeMonth(days: readonly Day[]): Month {
  return {
    month: days[0]?.date.slice(0, 7) ?? "",
    days: days.length,
    wetDays: days.filter(({ rain }) => rain > 0).length,
    rain: round(days.reduce((sum, { rain }) => sum + rain, 0)),
    high: Math.max(...days.map(({ high }) => high)),
    low: Math.min(...days.map(({ low }) => low)),
  };
}
