/** A moment of a schedule: an instant, or a wall-clock time whose instant depends on the zone. Both in milliseconds, the latter as if in UTC. */
export type Moment = { readonly instant: number } | { readonly wall: number };

const SHAPE = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(\.\d{3})?(Z|[+-]\d{2}:\d{2})?)?$/;
const OFFSET = /^[+-](?:0\d|1[0-4]):[0-5]\d$/;

/** Milliseconds of a date `YYYY-MM-DD` as if in UTC; null when the calendar has no such day. Years 1900 to 2199. */
export function dateMs(text: string): number | null {
  if (!/^(?:19|20|21)\d{2}-\d{2}-\d{2}$/.test(text)) return null;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // Date.parse takes 30 February for 1 March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms : null;
}

/** Milliseconds since midnight of `HH:MM` or `HH:MM:SS`; null when no clock shows it. */
export function timeMs(text: string): number | null {
  const [, hour, minute, second = "0"] = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  return hour === undefined ? null : ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
}

/**
 * Reads a moment; null when it is none.
 * @example readMoment("2026-01-31T09:00") // { wall: … } · readMoment("2026-01-31T09:00:00Z") // { instant: … }
 */
export function readMoment(text: string): Moment | null {
  const [, date = "", time = "00:00", fraction = "", offset] = SHAPE.exec(text) ?? [];
  const [day, sinceMidnight] = [dateMs(date), timeMs(time)];
  if (day === null || sinceMidnight === null) return null;
  const wall = day + sinceMidnight + Number(`0${fraction}`) * 1000;
  if (offset === undefined) return { wall };
  if (offset !== "Z" && !OFFSET.test(offset)) return null;
  return { instant: offset === "Z" ? wall : wall - offsetMs(offset) };
}

function offsetMs(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
