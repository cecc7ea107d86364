import { expectStates, failTask, restart, approve, testRun } from "@weir/sdk/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import approval from "./approval.flow.ts";
import caching from "./caching.flow.ts";
import crash from "./crash.flow.ts";
import elsewhere from "./elsewhere.flow.ts";
import etl from "./etl.flow.ts";
import fanOut from "./fan-out.flow.ts";
import scheduled from "./scheduled.flow.ts";
import secrets from "./secrets.flow.ts";
import { fourYears, year } from "./subflows.flow.ts";
import { parseDay } from "./weather.ts";

// Each example as its users would test it: in memory, with the clock and the failures that the test wants.

test("etl: the table holds 48 months, however often it is loaded", async () => {
  for (let time = 0; time < 2; time += 1) {
    expect(await etl.run()).toMatchObject({ state: "Success", value: { months: 48, wetDays: 623 } });
  }
});

test("etl: what was extracted and cleaned is not done again when the load fails", async () => {
  const failed = await testRun(etl, undefined, {
    with: [failTask("load", { error: new Error("database is locked") })],
  });
  expect(failed.executions.filter(({ task }) => task === "load")).toHaveLength(4);
  const again = await restart(failed);
  expect(again.executions.map(({ task }) => task)).toEqual(["load"]);
});

test("etl: a day that makes no sense is left out", () => {
  const day = { date: "2012/01/01", precipitation: "0.5", temp_max: "10", temp_min: "2", weather: "rain" };
  expect(parseDay(day)).toEqual({ date: "2012-01-01", rain: 0.5, high: 10, low: 2 });
  expect([parseDay({ ...day, temp_min: "11" }), parseDay({ ...day, precipitation: "?" })]).toEqual([null, null]);
});

test("fan-out: a thousand children, and those that fail are the ones that run again", async () => {
  const failed = await testRun(fanOut, {}, { with: [failTask("delay", { index: [3, 999] })] });
  expect(failed.state).toBe("Failed");
  const again = await restart(failed);
  expect(again.value).toMatchObject({ routes: 1_000 });
  expect(again.executions.map(({ task, index }) => [task, index])).toEqual([
    ["delay", 3],
    ["delay", 999],
    ["worst", undefined],
  ]);
});

test("approval: a small sum is paid, a large one waits for a person", async () => {
  expect((await testRun(approval, {})).value).toBe(930);
  const paused = await testRun(approval, { perFlight: 100 });
  expectStates(paused, "pay", ["Pending", "Running", "Paused"]);
  const paid = await approve(paused);
  expect(paid).toMatchObject({ value: 9_300, logs: [{ text: "paid 9300, as approved" }] });
  expectStates(paid, "find-late", []);
});

test("caching: the same year is not computed twice within the hour", async () => {
  const first = await testRun(caching, { year: 2013 });
  const second = await testRun(caching, { year: 2013 }, { after: first });
  expect([first.value, second.value, second.executions]).toEqual([828, 828, []]);
  expect((await testRun(caching, { year: 2014 }, { after: first })).executions).toHaveLength(1);
});

test("crash: what had succeeded before is not executed again", async () => {
  const whole = await testRun(crash, {});
  const failed = await testRun(crash, {}, { with: [failTask("summarize", { index: 3 })] });
  const again = await restart(failed);
  expect(again.value).toBe(whole.value);
  expectStates(again, "read", []);
  expectStates(again, "summarize", [], { index: 0 });
  expectStates(again, "summarize", ["Pending", "Running", "Success"], { index: 3 });
});

test("subflows: a flow calls another four times", async () => {
  const { state, value, taskRuns } = await fourYears.run();
  expect([state, value]).toEqual(["Success", "2012-11, 2013-09, 2014-03, 2015-12"]);
  expect(taskRuns.filter(({ task }) => task === "year")).toHaveLength(4);
  expect(await year({ year: 2014 })).toBe("2014-03");
});

test("elsewhere: two runs are started and waited for", async () => {
  const { value, started } = await testRun(elsewhere, {});
  expect(value).toBe("Success, Success");
  expect(started.map(({ flow, parameters }) => [flow, parameters])).toEqual([
    ["year", { year: 2012 }],
    ["year", { year: 2013 }],
  ]);
});

test("secrets: the key is registered before it could be told; a missing one is told with the places that were looked at", async () => {
  const lost = await testRun(secrets, {});
  expect(lost.failure).toMatchObject({ code: "SECRET_MISSING", message: expect.stringContaining("WEATHER_KEY_FILE") });
  vi.stubEnv("WEATHER_KEY", "open, sesame");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await testRun(secrets, {})).toMatchObject({ value: "rain", secrets: ["open, sesame"] });
});

test("scheduled: a run reports the day that it was meant for", async () => {
  const { value } = await testRun(scheduled, undefined, { scheduledStartTime: new Date("2026-02-03T14:00:00Z") });
  expect(value).toBe("2015-02-03: 5.6 to 10 °C, 1.3 mm");
});
