import { dateMs, timeMs } from "./moment.ts";

/** A bound keeps the cloud from counting through a century. */
const MOST_COUNT = 1_000;
const MOST_INTERVAL = 10_000;

type Check = (value: string) => boolean;

const list =
  (each: Check): Check =>
  (value) =>
    value.split(",").every(each);
const whole =
  (least: number, most: number): Check =>
  (value) =>
    /^\d{1,5}$/.test(value) && Number(value) >= least && Number(value) <= most;
/** From either end: 1 is the first, -1 the last. */
const either =
  (most: number): Check =>
  (value) =>
    whole(1, most)(value.replace(/^[+-]/, ""));
const WEEKDAY = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/;

const PARTS: Readonly<Record<string, Check>> = {
  FREQ: (value) => /^(?:SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value),
  INTERVAL: whole(1, MOST_INTERVAL),
  COUNT: whole(1, MOST_COUNT),
  UNTIL: (value) => readUntil(value) !== null,
  BYSECOND: list(whole(0, 59)),
  BYMINUTE: list(whole(0, 59)),
  BYHOUR: list(whole(0, 23)),
  BYDAY: list((value) => {
    const [fits, ordinal] = WEEKDAY.exec(value) ?? [];
    return fits !== undefined && (ordinal === undefined || either(53)(ordinal));
  }),
  BYMONTHDAY: list(either(31)),
  BYYEARDAY: list(either(366)),
  BYWEEKNO: list(either(53)),
  BYMONTH: list(whole(1, 12)),
  BYSETPOS: list(either(366)),
  WKST: (value) => /^(?:MO|TU|WE|TH|FR|SA|SU)$/.test(value),
};

/** UNTIL as a moment: an instant when it ends in Z, else wall-clock time; a date alone is that whole day. */
export function readUntil(value: string): { readonly instant: number } | { readonly wall: number } | null {
  const [, date, time, zulu] = /^(\d{8})(?:T(\d{6})(Z?))?$/.exec(value) ?? [];
  if (date === undefined) return null;
  const day = dateMs(date.replace(/^(\d{4})(\d{2})/, "$1-$2-"));
  const sinceMidnight = time === undefined ? timeMs("23:59:59") : timeMs(time.replace(/^(\d\d)(\d\d)/, "$1:$2:"));
  if (day === null || sinceMidnight === null) return null;
  const ms = day + sinceMidnight;
  return zulu === "Z" ? { instant: ms } : { wall: ms };
}

/** Name and value of each part of a rule, upper-case. */
export function rruleParts(rule: string): [string, string][] {
  const parts = rule
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, "")
    .split(";");
  return parts.map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
  });
}

/**
 * Says what is wrong with a recurrence rule, or null.
 * @example rruleProblem("FREQ=DAYLY", true) // 'its part FREQ=DAYLY is none'
 */
export function rruleProblem(rule: string, hasStart: boolean): string | null {
  if (/\n|DTSTART|EXDATE|RDATE/i.test(rule))
    return "it is the rule alone: give DTSTART as the option start, and leave dates out with a filter";
  const parts = rruleParts(rule);
  const names = parts.map(([name]) => name);
  for (const [name, value] of parts) {
    if (!Object.hasOwn(PARTS, name))
      return `it has no part ${JSON.stringify(name)}; its parts are ${Object.keys(PARTS).join(", ")}`;
    if (PARTS[name]?.(value) !== true) return `its part ${name}=${value} cannot be used`;
    if (names.filter((other) => other === name).length > 1) return `its part ${name} is there twice`;
  }
  if (!names.includes("FREQ")) return "it has no FREQ, for example FREQ=MONTHLY";
  if (!names.includes("COUNT")) return null;
  if (names.includes("UNTIL")) return "it has both COUNT and UNTIL, which end it in two ways";
  return hasStart ? null : "it has a COUNT, which counts from the option start: give one";
}
