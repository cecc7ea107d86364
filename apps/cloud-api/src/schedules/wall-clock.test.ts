import { expect, test } from "vitest";
import { BERLIN, LORD_HOWE, NEW_YORK, schedule, slots } from "./testing/slots.ts";

// Summer time of 2026 · Berlin: 29 March 2:00 → 3:00, 25 October 3:00 → 2:00 · New York: 8 March 2:00 → 3:00, 1 November 2:00 → 1:00 ·
// Lord Howe: 4 October 2:00 → 2:30, 5 April 2:00 → 1:30.

const cron = (expression: string, zone: string) => schedule({ cron: expression }, { zone });
const every = (seconds: number, start: string, zone: string) => schedule({ everySeconds: seconds }, { zone, start });

test.each([
  [BERLIN, "2026-03-28T12:00Z", ["2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"]],
  [NEW_YORK, "2026-03-07T12:00Z", ["2026-03-08T03:00-04:00", "2026-03-09T02:30-04:00"]],
])("a time that is skipped fires at the first moment after the gap: 2:30 in %s", (zone, after, expected) => {
  expect(slots(cron("30 2 * * *", zone), after, 2)).toEqual(expected);
  expect(slots(every(86_400, "2026-01-01T02:30", zone), after, 2)).toEqual(expected);
  expect(slots(schedule({ rrule: "FREQ=DAILY;BYHOUR=2;BYMINUTE=30" }, { zone }), after, 2)).toEqual(expected);
});

test("a gap of half an hour is no longer than that", () => {
  expect(slots(cron("0,15,30,45 2 * * *", LORD_HOWE), "2026-10-03T12:00Z", 3)).toEqual([
    "2026-10-04T02:30+11:00",
    "2026-10-04T02:45+11:00",
    "2026-10-05T02:00+11:00",
  ]);
});

test.each([
  [BERLIN, "30 2 * * *", "2026-10-24T12:00Z", ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]],
  [NEW_YORK, "30 1 * * *", "2026-10-31T12:00Z", ["2026-11-01T01:30-04:00", "2026-11-02T01:30-05:00"]],
  [LORD_HOWE, "45 1 * * *", "2026-04-04T12:00Z", ["2026-04-05T01:45+11:00", "2026-04-06T01:45+10:30"]],
])("a time that is shown twice fires once, the first time: %s, %s", (zone, expression, after, expected) => {
  expect(slots(cron(expression, zone), after, 2)).toEqual(expected);
  const [minute, hour] = expression.split(" ");
  const start = `2026-01-01T0${hour}:${minute}`;
  expect(slots(every(86_400, start, zone), after, 2)).toEqual(expected);
});

test("asked in the middle of the repeated hour, nothing of it comes again", () => {
  const inTheSecondPass = "2026-10-25T01:10:00Z";
  expect(slots(cron("*/30 * * * *", BERLIN), inTheSecondPass, 2)).toEqual([
    "2026-10-25T03:00+01:00",
    "2026-10-25T03:30+01:00",
  ]);
  expect(slots(cron("*/30 * * * *", BERLIN), "2026-10-25T00:10:00Z", 2)).toEqual([
    "2026-10-25T02:30+02:00",
    "2026-10-25T03:00+01:00",
  ]);
});

test("of many times of a gap one run is made", () => {
  expect(slots(cron("*/15 2,3 * * *", BERLIN), "2026-03-29T00:00Z", 5)).toEqual([
    "2026-03-29T03:00+02:00",
    "2026-03-29T03:15+02:00",
    "2026-03-29T03:30+02:00",
    "2026-03-29T03:45+02:00",
    "2026-03-30T02:00+02:00",
  ]);
});

test.each([
  [BERLIN, "2026-03-28T09:00:00Z", ["2026-03-29T10:00+02:00", "2026-03-30T10:00+02:00"]],
  [BERLIN, "2026-10-24T09:00:00Z", ["2026-10-25T10:00+01:00", "2026-10-26T10:00+01:00"]],
  [NEW_YORK, "2026-03-07T17:00:00Z", ["2026-03-08T10:00-04:00", "2026-03-09T10:00-04:00"]],
  [LORD_HOWE, "2026-10-03T00:00:00Z", ["2026-10-04T10:00+11:00", "2026-10-05T10:00+11:00"]],
  [LORD_HOWE, "2026-04-04T00:00:00Z", ["2026-04-05T10:00+10:30", "2026-04-06T10:00+10:30"]],
])("an interval of a day keeps the time on the wall: %s after %s", (zone, after, expected) => {
  expect(slots(every(86_400, "2026-01-01T10:00", zone), after, 2)).toEqual(expected);
});

test.each([
  [BERLIN, "2026-03-28T05:00", "2026-03-28T23:00:00Z", ["2026-03-29T06:00+02:00", "2026-03-29T12:00+02:00"]],
  [BERLIN, "2026-10-24T00:00", "2026-10-25T00:00:00Z", ["2026-10-25T05:00+01:00", "2026-10-25T11:00+01:00"]],
  [LORD_HOWE, "2026-09-01T05:30", "2026-10-03T14:00:00Z", ["2026-10-04T06:00+11:00", "2026-10-04T12:00+11:00"]],
])("a shorter one keeps the elapsed time: six hours in %s from %s on, after %s", (zone, start, after, expected) => {
  expect(slots(every(21_600, start, zone), after, 2)).toEqual(expected);
});

test("every hour, through the repeated one too", () => {
  expect(slots(every(3_600, "2026-10-01T00:00", BERLIN), "2026-10-24T23:30:00Z", 3)).toEqual([
    "2026-10-25T02:00+02:00",
    "2026-10-25T02:00+01:00",
    "2026-10-25T03:00+01:00",
  ]);
});

test("a day that a zone left out is one slot and not none or two", () => {
  // Samoa went over the date line: after 29 December 2011 came the 31st.
  expect(slots(cron("0 9 * * *", "Pacific/Apia"), "2011-12-29T00:00:00Z", 3)).toEqual([
    "2011-12-29T09:00-10:00",
    "2011-12-31T00:00+14:00",
    "2011-12-31T09:00+14:00",
  ]);
});
