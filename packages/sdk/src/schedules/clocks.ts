import type { Duration } from "../duration.ts";
import { makeSchedule, type MomentInput, momentText, type ScheduleOptions, seconds } from "./options.ts";
import type { Schedule } from "./schedule.ts";

/**
 * A run each so often, counted from `start` (default: midnight of 1 January 2019 in the zone). Whole days keep the wall-clock time when the
 * zone changes between summer and winter time, other lengths keep the elapsed time. At least a second.
 * @throws TypeError naming what makes no sense.
 * @example every("1d", { start: "2026-01-01T06:30", zone: "Europe/Berlin" }) // at 6:30, in summer and in winter
 */
export function every<G extends object = never>(interval: Duration, options: ScheduleOptions<G> = {}): Schedule<G> {
  return makeSchedule("every", { everySeconds: seconds(interval, "The interval of a schedule") }, options);
}

/** Options of `cron`. */
export interface CronOptions<G extends object = object> extends ScheduleOptions<G> {
  /** When day of the month and day of the week are both restricted, both must fit. Default: either, as cron has always done. */
  readonly bothDays?: boolean;
}

/**
 * Minute, hour, day of the month, month, day of the week, by the zone's wall clock. A time that the change to summer time leaves out fires at
 * the first moment after it; one that the change back repeats fires once, the first time.
 * @throws TypeError naming the field that makes no sense.
 * @example cron("0 6 * * 1-5", { zone: "Europe/Berlin" }) // at six, Monday to Friday
 */
export function cron<G extends object = never>(expression: string, options: CronOptions<G> = {}): Schedule<G> {
  const { bothDays } = options;
  return makeSchedule("cron", { cron: expression, ...(bothDays === undefined ? {} : { bothDays }) }, options);
}

/**
 * These moments.
 * @throws TypeError naming what is no moment.
 * @example dates(["2026-03-31T18:00", "2026-06-30T18:00"], { zone: "America/New_York" })
 */
export function dates<G extends object = never>(
  moments: readonly MomentInput[],
  options: ScheduleOptions<G> = {},
): Schedule<G> {
  return makeSchedule("dates", { dates: moments.map(momentText) }, options);
}

/**
 * A recurrence rule of RFC 5545; `start` is its DTSTART, by default midnight of 1 January 2019 in the zone.
 * @throws TypeError naming the part that makes no sense.
 * @example rrule("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=18") // the last working day of each month
 */
export function rrule<G extends object = never>(rule: string, options: ScheduleOptions<G> = {}): Schedule<G> {
  return makeSchedule("rrule", { rrule: rule }, options);
}
