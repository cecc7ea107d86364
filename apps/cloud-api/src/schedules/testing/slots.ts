import type { ScheduleDefinition } from "@weir/protocol";
import { slotsOf } from "../slots.ts";

export const BERLIN = "Europe/Berlin";
export const NEW_YORK = "America/New_York";
/** Its clock moves by half an hour. */
export const LORD_HOWE = "Australia/Lord_Howe";

/** A definition with only a clock, and whatever else a test is about. */
export function schedule(
  clock: ScheduleDefinition["clock"],
  more: Partial<ScheduleDefinition> = {},
): ScheduleDefinition {
  return { name: "s", clock, zone: "UTC", ...more };
}

/** The first slots after an instant, as a clock in the schedule's zone shows them: `2026-03-29T03:00+02:00`. */
export function slots(definition: ScheduleDefinition, after: string, count: number): string[] {
  return [...slotsOf(definition).after(Date.parse(after)).take(count)].map((slot) => shown(slot, definition.zone));
}

/** An instant as a clock in a zone shows it, seconds only where there are some. */
export function shown(instant: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant)
    .toZonedDateTimeISO(zone)
    .toString({ timeZoneName: "never", smallestUnit: "second" })
    .replace(/:00(?=[+-])/, "");
}
