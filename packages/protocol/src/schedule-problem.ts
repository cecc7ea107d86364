import { cronProblem } from "./cron-problem.ts";
import { jsonProblem } from "./json.ts";
import { dateMs, type Moment, readMoment, timeMs } from "./moment.ts";
import { rruleProblem } from "./rrule-problem.ts";
import type { ScheduleAdjustment, ScheduleClock, ScheduleDefinition, ScheduleFilter } from "./schedule.ts";

const YEAR_SECONDS = 366 * 86_400;

/**
 * Says what is wrong with the schedules of a flow, or null. For both sides: the user's, when the flow is made, and the cloud's, when it is
 * registered. Needs no schema library, since the child process of each run comes by here.
 */
export function schedulesProblem(schedules: readonly ScheduleDefinition[]): string | null {
  const names = new Set<string>();
  for (const schedule of schedules) {
    const named = `The schedule ${JSON.stringify(schedule.name)}`;
    if (names.has(schedule.name)) return `${named} is there twice; give each schedule of a flow a name of its own.`;
    names.add(schedule.name);
    const problem = scheduleProblem(schedule);
    if (problem !== null) return `${named} cannot be used: ${problem}.`;
  }
  return null;
}

/** Says what is wrong with one schedule, as the end of a sentence; or null. */
export function scheduleProblem(schedule: ScheduleDefinition): string | null {
  return (
    zoneProblem(schedule.zone) ??
    boundsProblem(schedule) ??
    clockProblem(schedule.clock, schedule.start !== undefined) ??
    firstProblem([...(schedule.all ?? []), ...(schedule.any ?? []), ...(schedule.none ?? [])], filterProblem) ??
    firstProblem(schedule.adjust ?? [], adjustmentProblem) ??
    parametersProblem(schedule.parameters) ??
    catchUpProblem(schedule.catchUp)
  );
}

function zoneProblem(zone: string): string | null {
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
    return null;
  } catch {
    return `there is no time zone ${JSON.stringify(zone)}; name one as "Europe/Berlin" or "UTC"`;
  }
}

function boundsProblem({ start, end }: ScheduleDefinition): string | null {
  const problem = momentProblem("start", start) ?? momentProblem("end", end);
  if (problem !== null || start === undefined || end === undefined) return problem;
  const [first, last] = [readMoment(start), readMoment(end)];
  if (first === null || last === null) return null;
  // An instant and a wall-clock time differ by less than 15 hours, whatever the zone.
  const leeway = "wall" in first === "wall" in last ? 0 : 15 * 3_600_000;
  return inMs(last) + leeway < inMs(first) ? `its end ${end} is before its start ${start}` : null;
}

const inMs = (moment: Moment) => ("wall" in moment ? moment.wall : moment.instant);

function momentProblem(what: string, text: string | undefined): string | null {
  if (text === undefined || readMoment(text) !== null) return null;
  return `its ${what} ${JSON.stringify(text)} is no moment of the years 1900 to 2199; write 2026-01-31, 2026-01-31T09:00 or 2026-01-31T09:00:00Z`;
}

function clockProblem(clock: ScheduleClock, hasStart: boolean): string | null {
  const { everySeconds, cron, bothDays, dates, rrule } = clock;
  const given = [everySeconds, cron, dates, rrule].filter((one) => one !== undefined).length;
  if (given !== 1) return `it has ${given} of interval, cron, dates and rule, and must have one`;
  if (bothDays !== undefined && cron === undefined) return "bothDays is for a cron expression alone";
  if (everySeconds !== undefined) return secondsProblem("interval", everySeconds);
  if (dates?.length === 0) return "it has no dates";
  if (dates !== undefined) return firstProblem(dates, (date) => momentProblem("date", date));
  if (rrule !== undefined) return named(`the rule ${JSON.stringify(rrule)}`, rruleProblem(rrule, hasStart));
  return named(`the cron expression ${JSON.stringify(cron)}`, cronProblem(cron ?? ""));
}

const named = (what: string, problem: string | null) => (problem === null ? null : `of ${what}, ${problem}`);

function secondsProblem(what: string, seconds: number): string | null {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 10 * YEAR_SECONDS) return null;
  return `its ${what} of ${seconds} s is not a whole number of seconds from one second to ten years`;
}

function filterProblem(filter: ScheduleFilter): string | null {
  const { kind, days = [], dates = [], times = [], from = "", to = "" } = filter;
  const told = `its filter ${kind}`;
  if (kind === "daysOfWeek" && (days.length === 0 || days.some((day) => !(day >= 1 && day <= 7))))
    return `${told} takes days from 1 (Monday) to 7 (Sunday)`;
  if (kind === "dates") return listProblem(told, dates, "a date like 2026-12-24", dateMs);
  if (kind === "times") return listProblem(told, times, "a time like 09:00", timeMs);
  // 2024 is a leap year: 29 February is a day of the year.
  if (kind === "datesBetween") return listProblem(told, [from, to], "a day like 12-24", (day) => dateMs(`2024-${day}`));
  if (kind === "timesBetween") return listProblem(told, [from, to], "a time like 09:00", timeMs);
  if (kind === "between") return listProblem(told, [from, to], "a moment like 2026-12-24T09:00", readMoment);
  return null;
}

function listProblem(
  told: string,
  texts: readonly string[],
  wanted: string,
  read: (text: string) => unknown,
): string | null {
  if (texts.length === 0) return `${told} takes ${wanted}, and has none`;
  return firstProblem(texts, (text) =>
    read(text) === null ? `${told} takes ${wanted}, and not ${JSON.stringify(text)}` : null,
  );
}

function adjustmentProblem({ addSeconds, nextWeekday }: ScheduleAdjustment): string | null {
  if ((addSeconds === undefined) === (nextWeekday === undefined))
    return "an adjustment adds a time or moves to the next weekday, one of the two";
  return addSeconds === undefined ? null : secondsProblem("adjustment", addSeconds);
}

function parametersProblem(parameters: unknown): string | null {
  if (parameters === undefined) return null;
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters))
    return "its parameters must be an object";
  return jsonProblem(parameters, "the object of its parameters");
}

function catchUpProblem(catchUp: ScheduleDefinition["catchUp"]): string | null {
  if (catchUp === undefined) return null;
  const { windowSeconds } = catchUp;
  if (Number.isInteger(windowSeconds) && windowSeconds >= 1 && windowSeconds <= YEAR_SECONDS) return null;
  return `its catch-up window of ${windowSeconds} s is not a whole number of seconds from one second to a year`;
}

function firstProblem<T>(items: readonly T[], problem: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = problem(item);
    if (found !== null) return found;
  }
  return null;
}
