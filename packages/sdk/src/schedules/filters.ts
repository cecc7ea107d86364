import type { ScheduleAdjustment, ScheduleFilter } from "@weir/protocol";
import type { Duration } from "../duration.ts";
import { type MomentInput, momentText, seconds } from "./options.ts";

// Filters look at a slot's wall-clock time in the schedule's zone. They are data, since the cloud computes the slots.

/** Monday to Friday. */
export const onWeekdays: ScheduleFilter = { kind: "weekday" };
/** Saturday and Sunday. */
export const onWeekends: ScheduleFilter = { kind: "weekend" };
/** The first day of a month. */
export const onMonthStart: ScheduleFilter = { kind: "monthStart" };
/** The last day of a month. */
export const onMonthEnd: ScheduleFilter = { kind: "monthEnd" };

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** @example every("1h", { when: [onDays("monday", "friday")] }) */
export function onDays(...days: (typeof DAYS)[number][]): ScheduleFilter {
  return { kind: "daysOfWeek", days: days.map((day) => DAYS.indexOf(day) + 1) };
}

/** @example cron("0 6 * * *", { except: [onDates("2026-12-25", "2026-12-26")] }) */
export function onDates(...dates: string[]): ScheduleFilter {
  return { kind: "dates", dates };
}

/** Days of each year, both included; may pass the year's end. @example betweenDates("12-20", "01-06") */
export function betweenDates(from: string, to: string): ScheduleFilter {
  return { kind: "datesBetween", from, to };
}

/** @example every("30m", { when: [atTimes("09:00", "17:30")] }) */
export function atTimes(...times: string[]): ScheduleFilter {
  return { kind: "times", times };
}

/** Times of each day, both included; may pass midnight. @example betweenTimes("22:00", "05:00") */
export function betweenTimes(from: string, to: string): ScheduleFilter {
  return { kind: "timesBetween", from, to };
}

/** From one moment to another, both included. */
export function between(from: MomentInput, to: MomentInput): ScheduleFilter {
  return { kind: "between", from: momentText(from), to: momentText(to) };
}

/** From Saturday and Sunday to the same time on Monday. */
export const toNextWeekday: ScheduleAdjustment = { nextWeekday: true };

/** Later by so much; whole days keep the wall-clock time. @throws TypeError when it is no duration. */
export function later(by: Duration): ScheduleAdjustment {
  return { addSeconds: seconds(by, "The adjustment of a schedule") };
}
