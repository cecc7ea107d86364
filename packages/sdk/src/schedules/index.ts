/** Schedules of flows: `flow("nightly", { schedules: [cron("0 2 * * *", { zone: "Europe/Berlin" })] }, …)`. */
export { cron, type CronOptions, dates, every, rrule } from "./clocks.ts";
export {
  atTimes,
  between,
  betweenDates,
  betweenTimes,
  later,
  onDates,
  onDays,
  onMonthEnd,
  onMonthStart,
  onWeekdays,
  onWeekends,
  toNextWeekday,
} from "./filters.ts";
export type { MomentInput, ScheduleOptions } from "./options.ts";
export type { Schedule } from "./schedule.ts";
