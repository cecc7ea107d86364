import type { ScheduleDefinition } from "@weir/protocol";
import { expect, test } from "vitest";
import { slotsOf } from "./slots.ts";
import { BERLIN, NEW_YORK, schedule, slots } from "./testing/slots.ts";

const at = (text: string) => slots(...parse(text));

/** `clock | after | count` with a UTC zone: short rows for tables. */
function parse(text: string): [ScheduleDefinition, string, number] {
  const [clock = "", after = "", count = ""] = text.split(" | ");
  const given = clock.startsWith("FREQ") ? { rrule: clock } : { cron: clock };
  return [schedule(given), after, Number(count)];
}

const days = (...texts: string[]) => texts.map((text) => `${text}T00:00+00:00`);

test.each([
  ["0 0 29 2 * | 2026-11-21T00:00Z | 2", days("2028-02-29", "2032-02-29")],
  ["0 0 L * * | 2027-01-30T00:00Z | 3", days("2027-01-31", "2027-02-28", "2027-03-31")],
  ["0 0 31 * * | 2026-11-21T00:00Z | 3", days("2026-12-31", "2027-01-31", "2027-03-31")],
  ["0 0 15W * * | 2026-11-01T00:00Z | 2", days("2026-11-16", "2026-12-15")],
  ["0 0 * * 5#2 | 2026-11-01T00:00Z | 2", days("2026-11-13", "2026-12-11")],
  ["0 0 * * 5L | 2026-11-01T00:00Z | 2", days("2026-11-27", "2026-12-25")],
  ["0 0 13 * 5 | 2026-11-06T00:00Z | 3", days("2026-11-13", "2026-11-20", "2026-11-27")],
  ["@monthly | 2026-11-21T00:00Z | 2", days("2026-12-01", "2027-01-01")],
  ["FREQ=MONTHLY;BYMONTHDAY=-1 | 2027-01-31T12:00Z | 2", days("2027-02-28", "2027-03-31")],
  ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 | 2026-11-21T00:00Z | 2", days("2028-02-29", "2032-02-29")],
  [
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 | 2026-10-31T00:00Z | 3",
    days("2026-11-30", "2026-12-31", "2027-01-29"),
  ],
  ["FREQ=WEEKLY;INTERVAL=2 | 2026-11-21T00:00Z | 2", days("2026-11-24", "2026-12-08")],
])("%s", (row, expected) => {
  expect(at(row)).toEqual(expected);
});

test("both days of a cron expression must fit where it is asked for", () => {
  const friday13 = schedule({ cron: "0 0 13 * 5", bothDays: true });
  expect(slots(friday13, "2026-11-06T00:00Z", 2)).toEqual(days("2026-11-13", "2027-08-13"));
});

test("a rule begins at its start, and the start's day and time are its own", () => {
  const monthly = schedule({ rrule: "FREQ=MONTHLY" }, { start: "2024-01-31T09:00", zone: NEW_YORK });
  expect(slots(monthly, "2000-01-01T00:00Z", 3)).toEqual([
    "2024-01-31T09:00-05:00",
    "2024-03-31T09:00-04:00",
    "2024-05-31T09:00-04:00",
  ]);
});

test.each([
  ["FREQ=DAILY;COUNT=3", ["2026-11-20", "2026-11-21", "2026-11-22"]],
  ["FREQ=DAILY;UNTIL=20261121", ["2026-11-20", "2026-11-21"]],
  ["FREQ=DAILY;UNTIL=20261121T000000", ["2026-11-20", "2026-11-21"]],
  ["FREQ=DAILY;UNTIL=20261120T235959", ["2026-11-20"]],
  ["FREQ=DAILY;UNTIL=20261120T225959Z", ["2026-11-20"]],
  ["FREQ=DAILY;UNTIL=20261120T230000Z", ["2026-11-20", "2026-11-21"]],
])("%s ends where it says", (rrule, expected) => {
  const ending = schedule({ rrule }, { start: "2026-11-20", zone: BERLIN });
  expect(slots(ending, "2026-01-01T00:00Z", 9)).toEqual(expected.map((day) => `${day}T00:00+01:00`));
});

test("dates come in their order, each once, walls and instants together", () => {
  const given = ["2026-12-24T18:00", "2026-01-01T00:00:00Z", "2026-12-24T17:00:00Z"];
  expect(slots(schedule({ dates: given }, { zone: BERLIN }), "2000-01-01T00:00Z", 9)).toEqual([
    "2026-01-01T01:00+01:00",
    "2026-12-24T18:00+01:00",
  ]);
});

test("start and end both belong to a schedule", () => {
  const bounds = { start: "2026-11-21T01:00", end: "2026-11-21T03:00" };
  const expected = ["01", "02", "03"].map((hour) => `2026-11-21T${hour}:00+00:00`);
  for (const clock of [{ everySeconds: 3_600 }, { cron: "0 * * * *" }, { rrule: "FREQ=HOURLY" }])
    expect(slots(schedule(clock, bounds), "2000-01-01T00:00Z", 9)).toEqual(expected);
});

test("without a start intervals count from midnight of 2019 in their zone", () => {
  const twoDays = schedule({ everySeconds: 2 * 86_400 }, { zone: BERLIN });
  expect(slots(twoDays, "2018-06-01T00:00Z", 2)).toEqual(["2019-01-01T00:00+01:00", "2019-01-03T00:00+01:00"]);
});

const HOURLY = { everySeconds: 3_600 };

test.each<[string, Partial<ScheduleDefinition>, string[]]>([
  ["weekdays", { all: [{ kind: "weekday" }, { kind: "times", times: ["09:00"] }] }, ["23T09", "24T09", "25T09"]],
  ["weekends", { all: [{ kind: "weekend" }, { kind: "times", times: ["09:00"] }] }, ["21T09", "22T09", "28T09"]],
  [
    "no weekdays",
    { none: [{ kind: "weekday" }, { kind: "timesBetween", from: "01:00", to: "23:00" }] },
    ["22T00", "28T00", "29T00"],
  ],
  ["days of the week", { all: [{ kind: "daysOfWeek", days: [3] }] }, ["25T00", "25T01", "25T02"]],
  [
    "dates",
    {
      all: [
        { kind: "dates", dates: ["2026-11-30", "2026-11-25"] },
        { kind: "times", times: ["23:00", "22:00"] },
      ],
    },
    ["25T22", "25T23", "30T22"],
  ],
  [
    "not on dates",
    {
      none: [
        { kind: "dates", dates: ["2026-11-21", "2026-11-23"] },
        { kind: "timesBetween", from: "00:30", to: "23:30" },
      ],
    },
    ["22T00", "24T00", "25T00"],
  ],
  ["hours", { all: [{ kind: "timesBetween", from: "22:00", to: "23:00" }] }, ["21T22", "21T23", "22T22"]],
  ["hours over midnight", { all: [{ kind: "timesBetween", from: "23:00", to: "00:00" }] }, ["21T23", "22T00", "22T23"]],
  ["a span", { all: [{ kind: "between", from: "2026-11-25T05:00", to: "2026-11-25T06:00:00Z" }] }, ["25T05", "25T06"]],
  [
    "any of them",
    {
      any: [
        { kind: "times", times: ["05:00"] },
        { kind: "dates", dates: ["2026-11-22"] },
      ],
    },
    ["21T05", "22T00", "22T01"],
  ],
  ["month's end", { all: [{ kind: "monthEnd" }] }, ["30T00", "30T01", "30T02"]],
])("filter: %s", (_what, filters, expected) => {
  const found = slots(schedule(HOURLY, filters), "2026-11-21T00:00Z", 3);
  expect(found).toEqual(expected.map((hour) => `2026-11-${hour}:00+00:00`));
});

test("days of the year may pass its end, and a month begins on its first day", () => {
  const winter: Partial<ScheduleDefinition> = { all: [{ kind: "datesBetween", from: "12-31", to: "01-01" }] };
  expect(slots(schedule({ cron: "@daily" }, winter), "2026-11-21T00:00Z", 3)).toEqual(
    days("2026-12-31", "2027-01-01", "2027-12-31"),
  );
  const start: Partial<ScheduleDefinition> = { all: [{ kind: "monthStart" }] };
  expect(slots(schedule({ cron: "@daily" }, start), "2026-11-21T00:00Z", 2)).toEqual(days("2026-12-01", "2027-01-01"));
});

test("filters look at the wall clock of the schedule's zone", () => {
  const evening = schedule(HOURLY, { zone: NEW_YORK, all: [{ kind: "times", times: ["20:00"] }, { kind: "weekday" }] });
  expect(slots(evening, "2026-11-21T00:00Z", 2)).toEqual(["2026-11-20T20:00-05:00", "2026-11-23T20:00-05:00"]);
});

test("slots of a weekend move to Monday, in order, those that meet once", () => {
  const early = schedule({ cron: "0 10 * * *" }, { zone: BERLIN, adjust: [{ nextWeekday: true }] });
  expect(slots(early, "2026-11-20T00:00Z", 3)).toEqual([
    "2026-11-20T10:00+01:00",
    "2026-11-23T10:00+01:00",
    "2026-11-24T10:00+01:00",
  ]);
  const crossing = schedule({ dates: ["2026-11-21T10:00", "2026-11-22T08:00"] }, { adjust: [{ nextWeekday: true }] });
  expect(slots(crossing, "2026-11-01T00:00Z", 3)).toEqual(["2026-11-23T08:00+00:00", "2026-11-23T10:00+00:00"]);
});

test("a slot that moved beyond the moment that is asked for is still to come", () => {
  const adjust = [{ nextWeekday: true as const }, { addSeconds: 86_400 }];
  const moved = schedule({ dates: ["2026-11-21T10:00"] }, { adjust });
  expect(slots(moved, "2026-11-24T09:59Z", 3)).toEqual(["2026-11-24T10:00+00:00"]);
  expect(slots(moved, "2026-11-24T10:00Z", 3)).toEqual([]);
});

test("a day later keeps the time on the wall, an hour later does not", () => {
  const dates = ["2026-03-28T12:00"];
  const later = (addSeconds: number) => schedule({ dates }, { zone: BERLIN, adjust: [{ addSeconds }] });
  expect(slots(later(86_400), "2026-01-01T00:00Z", 1)).toEqual(["2026-03-29T12:00+02:00"]);
  expect(slots(later(25 * 3_600), "2026-01-01T00:00Z", 1)).toEqual(["2026-03-29T14:00+02:00"]);
});

test("what comes once in 28 years is found", () => {
  const rare: Partial<ScheduleDefinition> = {
    all: [
      { kind: "datesBetween", from: "02-29", to: "02-29" },
      { kind: "daysOfWeek", days: [6] },
    ],
  };
  expect(slots(schedule({ cron: "@daily" }, rare), "2021-01-01T00:00Z", 2)).toEqual(days("2048-02-29", "2076-02-29"));
});

test("what never comes is told, and not looked for without end", () => {
  const never: Partial<ScheduleDefinition> = { all: [{ kind: "monthStart" }, { kind: "monthEnd" }] };
  expect(slotsOf(schedule({ cron: "0 0 30 2 *" })).next(0)).toBeNull();
  expect(slotsOf(schedule({ cron: "@daily" }, never)).next(0)).toBeNull();
  expect(slotsOf(schedule({ rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" })).next(0)).toBeNull();
});

// A walk of four thousand million seconds would not end before the test's time is over.
test.each<[string, Partial<ScheduleDefinition> & Pick<ScheduleDefinition, "clock">]>([
  ["seconds", { clock: { everySeconds: 1 } }],
  ["days", { clock: { everySeconds: 86_400 }, zone: BERLIN }],
  ["minutes by rule", { clock: { rrule: "FREQ=MINUTELY;INTERVAL=7" }, zone: BERLIN }],
  ["minutes by cron", { clock: { cron: "* * * * *" }, zone: BERLIN }],
  [
    "seconds of one hour a year",
    {
      clock: { everySeconds: 1 },
      all: [
        { kind: "datesBetween", from: "02-29", to: "02-29" },
        { kind: "timesBetween", from: "05:00", to: "06:00" },
      ],
    },
  ],
])("an anchor of the year 1900 is no walk: %s", (_what, more) => {
  const found = slotsOf(schedule(more.clock, { start: "1900-01-01T00:00:00Z", ...more }));
  for (let i = 0; i < 20; i += 1) expect(found.next(Date.UTC(2026 + i, 10, 21, 9, 0, 30))).toBeGreaterThan(0);
});
