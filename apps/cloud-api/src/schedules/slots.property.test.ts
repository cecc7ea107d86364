import { scheduleProblem, type ScheduleDefinition } from "@weir/protocol";
import { assert, constantFrom, integer, oneof, property, record, stringMatching, subarray, tuple } from "fast-check";
import { expect, test } from "vitest";
import { slotsOf } from "./slots.ts";
import { BERLIN, LORD_HOWE, NEW_YORK, schedule } from "./testing/slots.ts";
import { DAY_MS, instantOf, wallOf } from "./wall-clock.ts";

const zone = constantFrom("UTC", BERLIN, NEW_YORK, LORD_HOWE, "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca");
const instant = integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) });

/** A cron expression of the grammar, whatever it means. */
const cron = stringMatching(
  /^(\*|\*\/[1-9]|[1-5]?[0-9](,[1-5]?[0-9])?|[0-9]-[1-5][0-9](\/[1-9])?) (\*|1?[0-9]|[0-9]-1[0-9]) (\*|L|[1-9]|2[0-8]W|[1-9]-2[0-9]) (\*|[1-9]|MAR|JAN-JUN) (\*|[0-7]|MON-FRI|FRI#[1-5]|5L|[1-3]-[4-7])$/,
);
const clock = oneof(
  integer({ min: 1_800, max: 400 * 86_400 }).map((everySeconds) => ({ everySeconds })),
  integer({ min: 1, max: 400 }).map((days) => ({ everySeconds: days * 86_400 })),
  cron.map((expression) => ({ cron: expression })),
  tuple(constantFrom("MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"), integer({ min: 1, max: 50 })).map(
    ([frequency, interval]) => ({ rrule: `FREQ=${frequency};INTERVAL=${interval}` }),
  ),
  tuple(instant, instant).map((dates) => ({ dates: dates.map((date) => new Date(date).toISOString()) })),
);
const filters = subarray<NonNullable<ScheduleDefinition["all"]>[number]>([
  { kind: "weekday" },
  { kind: "datesBetween", from: "11-15", to: "02-29" },
  { kind: "timesBetween", from: "22:00", to: "13:30" },
  { kind: "daysOfWeek", days: [1, 2, 6] },
]);
const adjust = subarray<NonNullable<ScheduleDefinition["adjust"]>[number]>(
  [{ nextWeekday: true }, { addSeconds: 5_400 }, { addSeconds: 86_400 }],
  { maxLength: 2 },
);
// Only one of `all` and `none`: what both contradict never comes, and is looked for at length.
const definition = record({ clock, zone, filters, side: constantFrom("all", "none"), adjust }).map(
  ({ clock: given, zone: where, side, filters: chosen, adjust: moves }) =>
    schedule(given, { zone: where, [side]: chosen.slice(0, 2), adjust: moves }),
);

test("whatever the grammar takes, the libraries take, and slots come after what is asked, in order, each once", () => {
  assert(
    property(definition, instant, (given, after) => {
      expect(scheduleProblem(given)).toBeNull();
      const found = [...slotsOf(given).after(after).take(4)];
      for (const [i, slot] of found.entries()) expect(slot).toBeGreaterThan(found[i - 1] ?? after);
    }),
    { numRuns: 60 },
  );
});

test("asked anew at any place, the slots are the same", () => {
  assert(
    property(definition, instant, (given, after) => {
      const slots = slotsOf(given);
      const [first, second, third] = slots.after(after).take(3);
      if (first === undefined) return;
      expect(slots.next(first - 1)).toBe(first);
      expect(slots.next(first)).toBe(second ?? null);
      if (second !== undefined) expect(slotsOf(given).next(second)).toBe(third ?? null);
    }),
    { numRuns: 60 },
  );
});

test("from the wall to an instant and back: the same time, or the end of a gap; and the order stays", () => {
  assert(
    property(zone, instant, integer({ min: 0, max: 2 * DAY_MS }), (where, wall, later) => {
      const at = instantOf(wall, where);
      expect(wallOf(at, where)).toBeGreaterThanOrEqual(wall);
      if (wallOf(at, where) > wall) expect(wallOf(at - 1, where)).toBeLessThan(wall);
      expect(instantOf(wall + later, where)).toBeGreaterThanOrEqual(at);
      // No earlier instant shows it.
      expect(instantOf(wallOf(at, where), where)).toBeLessThanOrEqual(at);
    }),
    { numRuns: 500 },
  );
});
