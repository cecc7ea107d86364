import { readMoment, scheduleProblem } from "@weir/protocol";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { flowDefinition } from "../flow/definition.ts";
import { flow } from "../flow/flow.ts";
import {
  atTimes,
  between,
  betweenDates,
  betweenTimes,
  cron,
  dates,
  every,
  later,
  onDates,
  onDays,
  onMonthEnd,
  onMonthStart,
  onWeekdays,
  onWeekends,
  rrule,
  type Schedule,
  toNextWeekday,
} from "./index.ts";

const schedulesOf = (...schedules: Schedule[]) => flowDefinition(flow("f", { schedules }, () => 1))?.schedules;

test("each clock is data", () => {
  expect(every("1d").definition).toEqual({ clock: { everySeconds: 86_400 }, zone: "UTC" });
  expect(cron("0 6 * * 1-5", { zone: "Europe/Berlin", bothDays: true }).definition).toEqual({
    clock: { cron: "0 6 * * 1-5", bothDays: true },
    zone: "Europe/Berlin",
  });
  expect(dates(["2026-03-31T18:00", new Date(0)]).definition.clock).toEqual({
    dates: ["2026-03-31T18:00", "1970-01-01T00:00:00.000Z"],
  });
  expect(rrule("FREQ=MONTHLY").definition.clock).toEqual({ rrule: "FREQ=MONTHLY" });
});

test("filters, adjustments, bounds, parameters, labels and catch-up are data, and the cloud takes them", () => {
  const { definition } = every("90m", {
    name: "office hours",
    start: new Date("2026-01-01T08:00:00Z"),
    end: "2026-12-31",
    parameters: { top: 5, list: [{ a: null }] },
    labels: ["gpu"],
    when: [onWeekdays, betweenTimes("09:00", "17:00"), between("2026-01-01", new Date("2026-06-01T00:00:00Z"))],
    whenAny: [onDays("monday", "sunday"), onMonthStart, onMonthEnd, onWeekends, atTimes("12:00")],
    except: [onDates("2026-04-03"), betweenDates("12-20", "01-06")],
    adjust: [toNextWeekday, later("2h")],
    catchUp: { policy: "all", window: "2h" },
  });
  expect(definition).toEqual({
    name: "office hours",
    clock: { everySeconds: 5_400 },
    zone: "UTC",
    start: "2026-01-01T08:00:00.000Z",
    end: "2026-12-31",
    all: [
      { kind: "weekday" },
      { kind: "timesBetween", from: "09:00", to: "17:00" },
      { kind: "between", from: "2026-01-01", to: "2026-06-01T00:00:00.000Z" },
    ],
    any: [
      { kind: "daysOfWeek", days: [1, 7] },
      { kind: "monthStart" },
      { kind: "monthEnd" },
      { kind: "weekend" },
      { kind: "times", times: ["12:00"] },
    ],
    none: [
      { kind: "dates", dates: ["2026-04-03"] },
      { kind: "datesBetween", from: "12-20", to: "01-06" },
    ],
    adjust: [{ nextWeekday: true }, { addSeconds: 7_200 }],
    parameters: { top: 5, list: [{ a: null }] },
    labels: ["gpu"],
    catchUp: { policy: "all", windowSeconds: 7_200 },
  });
  expect(scheduleProblem({ name: "", ...definition })).toBeNull();
  expect(every("1h", { catchUp: "latest" }).definition.catchUp).toEqual({ policy: "latest", windowSeconds: 86_400 });
  expect(readMoment(definition.start ?? "")).toEqual({ instant: Date.parse("2026-01-01T08:00:00Z") });
});

test("a schedule without a name is called after its kind, numbered from the second on", () => {
  const schedules = schedulesOf(cron("@daily"), every("1h"), cron("@hourly"), every("2h", { name: "often" }));
  expect(schedules?.map(({ name }) => name)).toEqual(["cron", "every", "cron 2", "often"]);
  expect(schedulesOf()).toEqual([]);
});

test.each([
  [() => every("0s"), 'The schedule "every" cannot be used: its interval of 0 s'],
  [() => every("250ms"), "its interval of 0.25 s"],
  [() => every("soon" as "1d"), "which is no duration"],
  [() => cron("0 25 * * *", { name: "nightly" }), 'The schedule "nightly" cannot be used: of the cron expression'],
  [() => cron("0 6 * * *", { zone: "Berlin" }), 'no time zone "Berlin"'],
  [() => dates([]), "it has no dates"],
  [() => dates([new Date(Number.NaN)]), '"Invalid Date" is no moment'],
  [() => rrule("FREQ=DAYLY"), "FREQ=DAYLY cannot be used"],
  [() => every("1d", { parameters: { day: new Date() } }), 'parameter "day" of a schedule is an object of a class'],
  [() => every("1d", { parameters: { day: undefined } }), 'parameter "day" of a schedule is a undefined'],
  [() => every("1d", { adjust: [later("0s")] }), "adjustment of 0 s"],
  [() => schedulesOf(every("1d", { name: "a" }), cron("@daily", { name: "a" })), 'two schedules of the name "a"'],
  [() => schedulesOf(...Array.from({ length: 51 }, () => every("1d"))), "has 51 schedules; the most is 50"],
  [() => schedulesOf({} as Schedule), "has a schedule that is none"],
  [() => schedulesOf(every("1d", { name: "" })), "The name of a schedule must be a text"],
])("nonsense is told where the flow is made (%#)", (make, sentence) => {
  expect(make).toThrow(TypeError);
  expect(make).toThrow(sentence);
});

test("the parameters that a schedule gives are the flow's", () => {
  const parameters = z.object({ day: z.string().default("today"), top: z.number() });
  flow("typed", { parameters, schedules: [every("1d", { parameters: { top: 5 } }), cron("@daily")] }, () => 1);
  // @ts-expect-error top is a number
  flow("typed", { parameters, schedules: [every("1d", { parameters: { top: "5" } })] }, () => 1);
  // @ts-expect-error the flow has no such parameter
  flow("typed", { parameters, schedules: [every("1d", { parameters: { bottom: 5 } })] }, () => 1);
  // @ts-expect-error a week is 7d
  expect(() => every("1w")).toThrow("no duration");
  expectTypeOf(every("1d", { parameters: { top: 5 } })).toExtend<Schedule<{ top: number }>>();
  expectTypeOf(cron("@daily")).toExtend<Schedule<{ top: number }>>();
});
