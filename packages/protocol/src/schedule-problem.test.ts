import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { FlowRegistration } from "./registration.ts";
import type { ScheduleDefinition } from "./schedule.ts";
import { scheduleProblem, schedulesProblem } from "./schedule-problem.ts";

const schedule = (changes: object = {}) =>
  ({ name: "s", clock: { everySeconds: 60 }, zone: "UTC", ...changes }) as ScheduleDefinition;
const clock = (given: object, changes: object = {}) => schedule({ clock: given, ...changes });
const filter = (given: object) => schedule({ none: [given] });

test.each([
  "* * * * *",
  "*/15 9-17 * * MON-FRI",
  "0 6 1,15 JAN,jul 5#2",
  "0 0 L * *",
  "0 0 15W * 5L",
  "0 0 29 2 7",
  "5-10/2 * * * *",
  "@daily",
])("the cron expression %s is taken", (cron) => {
  expect(scheduleProblem(clock({ cron }))).toBeNull();
});

test.each([
  ["", /0 fields instead of five/],
  ["* * * *", /4 fields instead of five/],
  ["0 0 * * * *", /6 fields instead of five/],
  ["60 * * * *", /minute "60" is not within 0 to 59/],
  ["0 24 * * *", /hour "24" is not within 0 to 23/],
  ["0 0 0 * *", /day of the month "0"/],
  ["0 0 * 13 *", /month "13"/],
  ["0 0 * * 8", /day of the week "8"/],
  ["0 0 * * FOO", /day of the week "FOO"/],
  ["*/0 * * * *", /step "0"/],
  ["*/60 * * * *", /step "60"/],
  ["5/15 * * * *", /which only \* and a range take/],
  ["9-5 * * * *", /does not go upwards/],
  ["1-2-3 * * * *", /"1-2-3"/],
  ["1/2/3 * * * *", /two steps/],
  ["0 0 * * 5#6", /"5#6"/],
  ["L * * * *", /minute "L"/],
  [", * * * *", /minute ""/],
  ["@reboot", /not "@reboot"/],
])("the cron expression %j is told", (cron, sentence) => {
  expect(scheduleProblem(clock({ cron }))).toMatch(sentence);
});

test.each([
  "FREQ=DAILY",
  "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
  "freq=yearly;bymonth=2;bymonthday=29",
  "FREQ=WEEKLY;BYDAY=-1FR,+2MO;UNTIL=20261231T235959Z;WKST=SU",
])("the rule %s is taken", (rrule) => {
  expect(scheduleProblem(clock({ rrule }))).toBeNull();
});

test.each([
  ["", /no part ""/],
  ["FREQ=DAYLY", /FREQ=DAYLY cannot be used/],
  ["BYDAY=MO", /no FREQ/],
  ["FREQ=DAILY;FOO=1", /no part "FOO"/],
  ["FREQ=DAILY;CONSTRUCTOR=1", /no part "CONSTRUCTOR"/],
  ["FREQ=DAILY;FREQ=WEEKLY", /FREQ is there twice/],
  ["FREQ=DAILY;INTERVAL=0", /INTERVAL=0/],
  ["FREQ=DAILY;BYHOUR=25", /BYHOUR=25/],
  ["FREQ=DAILY;BYMONTHDAY=0", /BYMONTHDAY=0/],
  ["FREQ=DAILY;BYDAY=0MO", /BYDAY=0MO/],
  ["FREQ=DAILY;UNTIL=20260230", /UNTIL=20260230/],
  ["FREQ=DAILY;COUNT=5", /give one/],
  ["FREQ=DAILY;COUNT=1001", /COUNT=1001/],
  ["DTSTART:20260101T000000Z\nRRULE:FREQ=DAILY", /option start/],
])("the rule %j is told", (rrule, sentence) => {
  expect(scheduleProblem(clock({ rrule }))).toMatch(sentence);
});

test("a rule ends in one way", () => {
  const rrule = "FREQ=DAILY;COUNT=5";
  expect(scheduleProblem(clock({ rrule }, { start: "2026-01-01" }))).toBeNull();
  expect(scheduleProblem(clock({ rrule: `${rrule};UNTIL=20270101` }, { start: "2026-01-01" }))).toMatch(/two ways/);
});

test.each([
  [clock({}), /0 of interval, cron, dates and rule/],
  [clock({ everySeconds: 1, cron: "@daily" }), /2 of interval/],
  [clock({ everySeconds: 1, bothDays: true }), /bothDays/],
  [clock({ everySeconds: 0 }), /interval of 0 s/],
  [clock({ everySeconds: 1.5 }), /interval of 1.5 s/],
  [clock({ everySeconds: 1e9 }), /interval of 1000000000 s/],
  [clock({ dates: ["2026-02-30"] }), /date "2026-02-30" is no moment/],
  [schedule({ zone: "Mars/Olympus" }), /no time zone "Mars\/Olympus"/],
  [schedule({ start: "yesterday" }), /start "yesterday"/],
  [schedule({ start: "2026-01-01T24:00" }), /start "2026-01-01T24:00"/],
  [schedule({ end: "2026-01-01T00:00:00+15:00" }), /end "2026-01-01T00:00:00\+15:00"/],
  [schedule({ start: "2026-01-02", end: "2026-01-01" }), /end 2026-01-01 is before its start/],
  [filter({ kind: "daysOfWeek", days: [] }), /daysOfWeek takes days/],
  [filter({ kind: "daysOfWeek", days: [0] }), /daysOfWeek takes days/],
  [filter({ kind: "dates" }), /dates takes a date like 2026-12-24, and has none/],
  [filter({ kind: "dates", dates: ["12-24"] }), /and not "12-24"/],
  [filter({ kind: "times", times: ["9:00"] }), /and not "9:00"/],
  [filter({ kind: "datesBetween", from: "12-20", to: "13-01" }), /and not "13-01"/],
  [filter({ kind: "timesBetween", from: "09:00" }), /and not ""/],
  [filter({ kind: "between", from: "2026-01-01", to: "later" }), /and not "later"/],
  [schedule({ adjust: [{}] }), /one of the two/],
  [schedule({ adjust: [{ addSeconds: 1, nextWeekday: true }] }), /one of the two/],
  [schedule({ adjust: [{ addSeconds: -5 }] }), /adjustment of -5 s/],
  [schedule({ parameters: [1] }), /must be an object/],
  [schedule({ parameters: { day: Number.NaN } }), /holds NaN/],
  [schedule({ catchUp: { policy: "all", windowSeconds: 0 } }), /catch-up window of 0 s/],
])("nonsense is told (%#)", (given, sentence) => {
  expect(scheduleProblem(given)).toMatch(sentence);
  expect(schedulesProblem([given])).toMatch(/^The schedule "s" cannot be used: .*\.$/);
});

test("29 February is a day of the year, and an offset is taken", () => {
  expect(scheduleProblem(filter({ kind: "datesBetween", from: "02-29", to: "02-29" }))).toBeNull();
  const mixed = { start: "2026-01-01T00:00:00+14:00", end: "2025-12-31T22:00" };
  expect(scheduleProblem(schedule(mixed))).toBeNull();
});

test("each schedule of a flow has a name of its own", () => {
  expect(schedulesProblem([schedule(), schedule({ name: "other" })])).toBeNull();
  expect(schedulesProblem([schedule(), schedule()])).toMatch(/"s" is there twice/);
});

test("a registration carries schedules, and no field beside those that are classed", () => {
  const registration = (given: object) => ({
    name: "f",
    labels: [],
    tasks: [],
    sdkVersion: "1",
    storage: { kind: "local", directory: "/", entry: "f.ts", codeDigest: "a".repeat(64), files: [] },
    schedules: [{ ...schedule(), ...given }],
  });
  expect(Value.Check(FlowRegistration, registration({}))).toBe(true);
  expect(Value.Check(FlowRegistration, registration({ code: "() => 1" }))).toBe(false);
});
