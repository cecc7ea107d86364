import { expect, test } from "vitest";
import { AHEAD_MS, AHEAD_SLOTS, MOST_MISSED, planSlots, type SlotPlan } from "./plan-slots.ts";
import { slotsOf } from "./slots.ts";
import { schedule } from "./testing/slots.ts";

const NOW = Date.parse("2026-11-21T12:00:20Z");
const hour = (offset: number) => Date.parse("2026-11-21T12:00:00Z") + offset * 3_600_000;
const HOURLY = slotsOf(schedule({ everySeconds: 3_600 }));
const WINDOW = { windowSeconds: 4 * 3_600 };
const hours = ({ slots }: SlotPlan) => slots.map((slot) => (slot - hour(0)) / 3_600_000);

test("runs are made ten ahead, and again when half of them have begun", () => {
  const plan = planSlots(HOURLY, undefined, { now: NOW, plannedUntil: NOW, ahead: [] });
  expect(hours(plan)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(plan).toMatchObject({ plannedUntil: hour(10), planAfter: hour(AHEAD_SLOTS / 2) });
});

test("those that were made ahead before are counted", () => {
  const ahead = [1, 2, 3, 4, 5].map(hour);
  const plan = planSlots(HOURLY, undefined, { now: NOW, plannedUntil: hour(5), ahead });
  expect(hours(plan)).toEqual([6, 7, 8, 9, 10]);
  expect(plan.planAfter).toBe(hour(5));
});

test("of those ahead that are planned anew, the ones that were kept are counted once", () => {
  const plan = planSlots(HOURLY, undefined, { now: NOW, plannedUntil: NOW, ahead: [hour(2), hour(4)] });
  expect(hours(plan)).toEqual([1, 3, 5, 6, 7, 8, 9, 10]);
  expect(plan.planAfter).toBe(hour(5));
});

test("no run is made more than a day ahead", () => {
  const sparse = slotsOf(schedule({ everySeconds: 5 * 3_600 }, { start: "2026-11-21T13:00" }));
  const plan = planSlots(sparse, undefined, { now: NOW, plannedUntil: NOW, ahead: [] });
  expect(hours(plan)).toEqual([1, 6, 11, 16, 21]);
  expect(plan.planAfter).toBe(hour(26) - AHEAD_MS);
});

test("a schedule that is over is not planned again", () => {
  const over = slotsOf(schedule({ dates: ["2026-11-21T13:00"] }));
  expect(planSlots(over, undefined, { now: NOW, plannedUntil: NOW, ahead: [] })).toEqual({
    slots: [hour(1)],
    plannedUntil: hour(1),
    planAfter: null,
  });
});

test("a slot that is late by no more than a minute is in time", () => {
  const plan = planSlots(HOURLY, undefined, { now: NOW, plannedUntil: hour(-1), ahead: [] });
  expect(hours(plan).slice(0, 2)).toEqual([0, 1]);
  const late = planSlots(HOURLY, undefined, { now: NOW + 60_000, plannedUntil: hour(-1), ahead: [] });
  expect(hours(late)[0]).toBe(1);
});

test.each([
  ["skip", [1]],
  ["latest", [0, 1]],
  ["all", [-3, -2, -1, 0, 1]],
] as const)("after the cloud was away, policy %s", (policy, expected) => {
  const catchUp = { policy, ...WINDOW };
  const now = hour(0) + 600_000;
  const plan = planSlots(HOURLY, catchUp, { now, plannedUntil: hour(-20), ahead: [] });
  expect(hours(plan).slice(0, expected.length)).toEqual(expected);
  expect(plan.slots).toHaveLength(expected.length + AHEAD_SLOTS - 1);
});

test("latest is one run: none for a missed slot when a newer one is in time", () => {
  const plan = planSlots(HOURLY, { policy: "latest", ...WINDOW }, { now: NOW, plannedUntil: hour(-20), ahead: [] });
  expect(hours(plan).slice(0, 2)).toEqual([0, 1]);
});

test("latest reaches back no further than its window", () => {
  const daily = slotsOf(schedule({ cron: "@daily" }));
  const plan = planSlots(daily, { policy: "latest", ...WINDOW }, { now: NOW, plannedUntil: hour(-50), ahead: [] });
  expect(hours(plan)).toEqual([12]);
});

test("latest of a year's minutes is found without a walk through them", () => {
  const minutes = slotsOf(schedule({ everySeconds: 60 }));
  let asked = 0;
  const counted = {
    next: (after: number) => minutes.next(after),
    *after(instant: number) {
      for (const slot of minutes.after(instant)) {
        asked += 1;
        yield slot;
      }
    },
  };
  const now = NOW + 55_000;
  const year = { policy: "latest" as const, windowSeconds: 366 * 86_400 };
  planSlots(counted, year, { now, plannedUntil: now - 366 * 86_400_000, ahead: [] });
  expect(asked).toBeLessThan(30);
});

test("many missed slots are made up for in turns, the oldest first, none twice", () => {
  const minutes = slotsOf(schedule({ everySeconds: 60 }));
  const all = { policy: "all" as const, windowSeconds: 86_400 };
  const first = planSlots(minutes, all, { now: NOW, plannedUntil: hour(-3), ahead: [] });
  expect(first.slots).toHaveLength(MOST_MISSED);
  expect(first).toMatchObject({ plannedUntil: first.slots.at(-1), planAfter: NOW });
  const second = planSlots(minutes, all, { now: NOW, plannedUntil: first.plannedUntil, ahead: [] });
  // 180 were missed; the one at 12:00:00 is in time, and ten are to come.
  expect(second.slots).toHaveLength(180 - MOST_MISSED + AHEAD_SLOTS);
  expect(second.slots[0]).toBe(first.plannedUntil + 60_000);
});
