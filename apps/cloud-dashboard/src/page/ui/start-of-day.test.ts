import { expect, test } from "vitest";
import { startOfDay } from "./start-of-day.ts";

test.each([
  ["2026-07-15T21:30:00.250Z", "UTC", "2026-07-15T00:00:00.000Z"],
  ["2026-07-15T21:30:00.250Z", "Asia/Tokyo", "2026-07-15T15:00:00.000Z"],
  ["2026-07-15T21:30:00.250Z", "Asia/Kathmandu", "2026-07-15T18:15:00.000Z"],
  // Noon of the days on which the clock was put on, and put back.
  ["2026-03-29T10:00:00.000Z", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-10-25T11:00:00.000Z", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
])("%s in %s: the day began at %s", (now, zone, began) => {
  expect(new Date(startOfDay(Date.parse(now), zone)).toISOString()).toBe(began);
});
