import type { FlowRegistration, ScheduleDefinition } from "@weir/protocol";
import { Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { checkedRegistration } from "../flows/check-registration.ts";
import { registration } from "../graphql/testing/graphql-fixture.ts";
import { checkSchedules } from "./check-schedules.ts";
import { schedule } from "./testing/slots.ts";

function refusalOf(schedules: unknown, more: object = {}): { code: string; message: string } {
  try {
    checkedRegistration(registration("f", { schedules, ...more }));
  } catch (error) {
    if (error instanceof Refusal) return error.toBody();
    throw error;
  }
  return { code: "none", message: "it was taken" };
}

const HOURLY = schedule({ everySeconds: 3_600 });
const never: Partial<ScheduleDefinition> = { all: [{ kind: "weekday" }, { kind: "weekend" }] };

test("schedules that make sense are taken, also those that are over", () => {
  const over = schedule({ dates: ["2001-01-01"] }, { name: "over" });
  const rare = schedule({ cron: "0 0 29 2 *" }, { name: "rare" });
  const to = schedule({ everySeconds: 1 }, { name: "ended", end: "2020-01-01" });
  expect(refusalOf([HOURLY, over, rare, to]).code).toBe("none");
});

test.each([
  [schedule({ cron: "0 25 * * *" }), /^The schedule "s" cannot be used: of the cron expression .* hour "25"/],
  [schedule({ cron: "0 0 30 2 *" }), /^The schedule "s" cannot be used: no moment is a slot of it/],
  [schedule({ everySeconds: 60 }, never), /no moment is a slot of it/],
  [
    schedule({ everySeconds: 60 }, { start: "2026-01-01T00:00:30", end: "2026-01-01T00:00:20Z" }),
    /no moment is a slot of it/,
  ],
  [schedule({ rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }), /no moment is a slot of it/],
  [schedule({ everySeconds: 60 }, { zone: "Mars" }), /no time zone "Mars"/],
  [{ ...HOURLY, clock: "hourly" }, /\/schedules\/0\/clock must be object/],
  [{ ...HOURLY, code: "() => 1" }, /additional properties/],
])("nonsense is refused with a sentence (%#)", (given, sentence) => {
  expect(refusalOf([given])).toMatchObject({ code: "INVALID", message: expect.stringMatching(sentence) });
});

test("one whose slots take too long to compute is refused: the event loop is everybody's", () => {
  const dense = schedule({ everySeconds: 1 }, { adjust: [{ nextWeekday: true }] });
  const given = registration("f", { schedules: [dense] }) as FlowRegistration;
  // A second's slots of half a day take hundreds of milliseconds on any machine.
  expect(() => checkSchedules(given, Date.UTC(2026, 0, 3), 20)).toThrow(/takes longer than 20 ms; make it simpler/);
  expect(() => checkSchedules(given, Date.UTC(2026, 0, 3), 600_000)).not.toThrow();
});

test("of two schedules of one name it is told", () => {
  expect(refusalOf([HOURLY, HOURLY])).toMatchObject({
    code: "INVALID",
    message: expect.stringContaining("there twice"),
  });
});

test("a schedule must give what the flow needs and has no default for", () => {
  const parameterSchema = { type: "object", required: ["day"], properties: { day: { type: "string" } } };
  const missing = refusalOf([HOURLY], { parameterSchema });
  expect(missing).toMatchObject({
    code: "PARAMETERS_INVALID",
    message: expect.stringMatching(/"f \(schedule s\)" do not fit: "day" is missing/),
  });
  expect(refusalOf([{ ...HOURLY, parameters: { day: 5 } }], { parameterSchema }).code).toBe("PARAMETERS_INVALID");
  expect(refusalOf([{ ...HOURLY, parameters: { day: "x" } }], { parameterSchema }).code).toBe("none");
  expect(refusalOf([HOURLY], { parameterSchema, parameterDefaults: { day: "" } }).code).toBe("none");
});
