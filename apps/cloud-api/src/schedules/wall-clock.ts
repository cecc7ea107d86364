// Wall-clock time is a number here: milliseconds since 1970 as if the zone were UTC. Days and times of day are then divisions, and the
// libraries for cron and RRULE, which are handed wall-clock time as UTC, never see a zone: the rules of summer time are these two functions.

const MINUTE_MS = 60_000;
export const DAY_MS = 1_440 * MINUTE_MS;

/** What a clock on the wall shows at an instant. */
export function wallOf(instant: number, zone: string): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  return instant + Math.round(offsetNanoseconds / 1e6);
}

/**
 * The instant at which the wall clock shows a time. A time that is skipped (the hour of a change to summer time) is the first instant after
 * the gap; one that is shown twice is the first of the two. So the order of wall-clock times is the order of their instants, and a sequence
 * of them needs no sorting. RFC 5545 instead moves a skipped time by the gap's length: 2:30 would come after 3:00.
 */
export function instantOf(wall: number, zone: string): number {
  const plain = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC").toPlainDateTime();
  const earlier = plain.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (wallOf(earlier.epochMilliseconds, zone) === wall) return earlier.epochMilliseconds;
  return earlier.getTimeZoneTransition("next")?.epochMilliseconds ?? earlier.epochMilliseconds;
}

/** Start of the day in which a wall-clock time lies. */
export function dayOf(wall: number): number {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}
