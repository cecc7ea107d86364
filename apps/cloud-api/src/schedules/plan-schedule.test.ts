import { afterAll, beforeAll, expect, test } from "vitest";
import { type ScheduleFixture, startScheduleFixture } from "./testing/schedule-fixture.ts";
import { schedule } from "./testing/slots.ts";

let cloud: ScheduleFixture;
beforeAll(async () => {
  cloud = await startScheduleFixture();
});
afterAll(async () => {
  expect(await cloud.stop()).toEqual([]);
});

const NOON = "2026-11-21T12:00:10Z";
const HOURLY = schedule({ everySeconds: 3_600 });
const hoursOf = async (flow: string) => (await cloud.runs(flow)).map(({ slot }) => slot.toISOString().slice(8, 13));

test("runs are made ahead: Scheduled for their slot, with parameters and labels of the schedule over those of the flow", async () => {
  const given = { ...HOURLY, parameters: { top: 0 }, labels: ["gpu"] };
  await cloud.register("ahead", [given, { ...HOURLY, name: "plain" }], {
    labels: ["big"],
    parameterDefaults: { top: 5, day: "today" },
  });
  await cloud.pool.query("update schedules set planned_until = $1, plan_after = $1", [new Date(NOON)]);
  await cloud.tick(NOON);
  const { rows } = await cloud.pool.query(
    `select s.name as schedule, r.state, r.state_version, r.parameters, r.labels, r.scheduled_start_time = l.slot as on_time, h.message
     from schedule_slots l join schedules s on s.id = l.schedule_id join flow_runs r on r.id = l.flow_run_id
     join flow_run_states h on h.flow_run_id = r.id where l.slot = '2026-11-21T13:00:00Z' order by 1`,
  );
  const common = { state: "Scheduled", state_version: 1, on_time: true };
  expect(rows).toEqual([
    {
      ...common,
      schedule: "plain",
      parameters: { top: 5, day: "today" },
      labels: ["big"],
      message: 'planned by the schedule "plain"',
    },
    {
      ...common,
      schedule: "s",
      parameters: { top: 0, day: "today" },
      labels: ["gpu"],
      message: 'planned by the schedule "s"',
    },
  ]);
  expect(await cloud.runs("ahead")).toHaveLength(20);
});

test("planned again at the same moment, or later, it makes what is missing and nothing twice", async () => {
  await cloud.registerAt("again", [HOURLY], NOON);
  await cloud.tick(NOON);
  await cloud.tick(NOON);
  expect(await cloud.runs("again")).toHaveLength(10);
  await cloud.tick("2026-11-21T17:00:01Z");
  expect(await hoursOf("again")).toEqual(
    [13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23].map((hour) => `21T${hour}`).concat("22T00", "22T01", "22T02", "22T03"),
  );
});

test("a planner that forgot what it planned, as after a restored backup, makes no run of a slot again", async () => {
  const all = { ...HOURLY, catchUp: { policy: "all" as const, windowSeconds: 86_400 } };
  await cloud.registerAt("forgetful", [all], NOON);
  await cloud.tick(NOON);
  const before = await cloud.runs("forgetful");
  await cloud.pool.query("update schedules set planned_until = $1, plan_after = $1", [new Date(NOON)]);
  await cloud.tick("2026-11-21T15:30:00Z");
  expect(await cloud.runs("forgetful")).toHaveLength(13);
  expect((await cloud.runs("forgetful")).slice(0, 10)).toEqual(before);
  expect(
    await count(
      "select count(*)::int4 as n from flow_runs r join flows f on f.id = r.flow_id where f.name = 'forgetful'",
    ),
  ).toBe(13);
});

async function count(sql: string): Promise<number | undefined> {
  return (await cloud.pool.query<{ n: number }>(sql)).rows[0]?.n;
}

test("two loops at once make one run per slot", async () => {
  const flows = Array.from({ length: 8 }, (_, i) => `race ${i}`);
  for (const flow of flows) await cloud.registerAt(flow, [HOURLY], NOON);
  await Promise.all([cloud.tick(NOON), cloud.tick(NOON), cloud.tick(NOON)]);
  for (const flow of flows) expect(await cloud.runs(flow)).toHaveLength(10);
});

test("a schedule that another replica has is left to it, and the others are planned meanwhile", async () => {
  await cloud.registerAt("held", [HOURLY], NOON);
  await cloud.registerAt("free", [HOURLY], NOON);
  const other = await cloud.pool.connect();
  await other.query("begin");
  await other.query("select from schedules where id = $1 for update", [await cloud.scheduleId("held")]);
  await cloud.tick(NOON);
  expect([await hoursOf("held"), (await hoursOf("free")).length]).toEqual([[], 10]);
  await other.query("rollback");
  other.release();
  await cloud.tick(NOON);
  expect(await cloud.runs("held")).toHaveLength(10);
});

test.each([
  ["skip", ["22T12"]],
  ["latest", ["22T11", "22T12"]],
  ["all", ["22T09", "22T10", "22T11", "22T12"]],
] as const)("the cloud was away for a day: %s", async (policy, expected) => {
  const flow = `away ${policy}`;
  const given = schedule({ everySeconds: 3_600 }, { catchUp: { policy, windowSeconds: 3 * 3_600 } });
  await cloud.registerAt(flow, [given], "2026-11-21T11:30:00Z");
  await cloud.tick("2026-11-22T11:50:00Z");
  expect((await hoursOf(flow)).slice(0, expected.length)).toEqual(expected);
});

test("a thousand missed slots are made up for in one turn of the loop", async () => {
  const given = schedule({ everySeconds: 60 }, { catchUp: { policy: "all", windowSeconds: 86_400 } });
  await cloud.registerAt("minutes", [given], "2026-11-21T12:00:00Z");
  await cloud.tick("2026-11-22T04:40:30Z");
  expect(await cloud.runs("minutes")).toHaveLength(1_000 + 10);
});

test("one that cannot be planned is told and put off, and the others go on", async () => {
  await cloud.registerAt("broken", [HOURLY], NOON);
  await cloud.registerAt("whole", [HOURLY], NOON);
  await cloud.pool.query(
    "update schedules set definition = jsonb_set(definition, '{zone}', '\"Mars\"') where id = $1",
    [await cloud.scheduleId("broken")],
  );
  cloud.warned.length = 0;
  await cloud.tick(NOON);
  expect(cloud.warned).toHaveLength(1);
  expect([await hoursOf("broken"), (await hoursOf("whole")).length]).toEqual([[], 10]);
  await cloud.tick("2026-11-21T12:02:00Z");
  expect(cloud.warned).toHaveLength(1);
  await cloud.tick("2026-11-21T12:06:00Z");
  expect(cloud.warned).toHaveLength(2);
});

test("the planner has its partial index, and the key of slots is their schedule's", async () => {
  const { rows } = await cloud.pool.query<{ def: string }>(
    "select indexdef as def from pg_indexes where tablename in ('schedules', 'schedule_slots') order by indexname",
  );
  const all = rows.map(({ def }) => def).join("\n");
  expect(all).toMatch(/schedules_to_plan .*\(plan_after\) WHERE \(active AND \(removed_at IS NULL\)\)/);
  expect(all).toMatch(/UNIQUE INDEX schedule_slots_pkey .*\(schedule_id, slot\)/);
});
