import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelFlowRun } from "../flow-runs/cancel-flow-run.ts";
import { setScheduleActive } from "./set-schedule-active.ts";
import { type ScheduleFixture, startScheduleFixture } from "./testing/schedule-fixture.ts";
import { schedule } from "./testing/slots.ts";

// Registration goes by the real clock, so these schedules do too.

let cloud: ScheduleFixture;
beforeAll(async () => {
  cloud = await startScheduleFixture();
});
afterAll(async () => {
  expect(await cloud.stop()).toEqual([]);
});

const HOURLY = schedule({ everySeconds: 3_600 });
const HALF_PAST = schedule({ everySeconds: 3_600 }, { start: "2026-01-01T00:30" });
const tick = () => cloud.tick(new Date().toISOString());
const minutesOf = async (flow: string) => [
  ...new Set((await cloud.runs(flow)).map(({ slot }) => slot.getUTCMinutes())),
];
const setActive = async (flow: string, active: boolean) =>
  setScheduleActive(cloud.pool, {
    tenantId: cloud.tenantId,
    id: await cloud.scheduleId(flow),
    active,
    now: new Date(),
  });

async function rows(flow: string) {
  const sql = `select s.name, s.active, s.removed_at is not null as removed from schedules s join flows f on f.id = s.flow_id
    where f.name = $1 order by 1`;
  return (await cloud.pool.query(sql, [flow])).rows as { name: string; active: boolean; removed: boolean }[];
}

/** Makes runs of a flow: one that is late, one that a person cancelled, and one that an agent gave back. */
async function touch(flow: string): Promise<{ late: string; cancelled: string; released: string }> {
  const [late, cancelled, released] = (await cloud.runs(flow)).map(({ id }) => id);
  if (late === undefined || cancelled === undefined || released === undefined) throw new Error("There are no runs.");
  const { pool, tenantId } = cloud;
  await pool.query("update schedule_slots set slot = now() - interval '1 hour' where flow_run_id = $1", [late]);
  await cancelFlowRun(pool, { tenantId, id: cancelled });
  await pool.query("update flow_runs set attempt = 1, state_version = 3 where id = $1", [released]);
  await pool.query(
    `insert into flow_run_states (tenant_id, flow_run_id, version, attempt, state, at)
     values ($1, $2, 2, 1, 'Submitted', now()), ($1, $2, 3, 1, 'Scheduled', now())`,
    [tenantId, released],
  );
  return { late, cancelled, released };
}

test("a new version with the same schedule: runs not begun become its own, all others stay", async () => {
  await cloud.register("next", [HOURLY]);
  await tick();
  const kept = await touch("next");
  await cloud.register("next", [HOURLY], { description: "second" });
  expect((await cloud.runs("next")).map(({ id }) => id).sort()).toEqual(Object.values(kept).sort());
  await tick();
  const runs = await cloud.runs("next");
  expect(
    runs
      .filter(({ version }) => version === 1)
      .map(({ id }) => id)
      .sort(),
  ).toEqual(Object.values(kept).sort());
  expect(runs.filter(({ version }) => version === 2).length).toBeGreaterThanOrEqual(8);
  expect(new Set(runs.map(({ slot }) => slot.getTime())).size).toBe(runs.length);
});

test("a schedule that changed takes the place of the one of its name", async () => {
  await cloud.register("changed", [HOURLY]);
  await tick();
  expect(await minutesOf("changed")).toEqual([0]);
  await cloud.register("changed", [HALF_PAST]);
  expect(await cloud.runs("changed")).toEqual([]);
  await tick();
  expect(await minutesOf("changed")).toEqual([30]);
  expect(await rows("changed")).toEqual([{ name: "s", active: true, removed: false }]);
});

test("what passed before a change is not caught up with; what passed while the cloud was away is, when nothing changed", async () => {
  const catchUp = { policy: "all" as const, windowSeconds: 3 * 3_600 };
  const away = new Date(Date.now() - 3 * 3_600_000).toISOString();
  await cloud.registerAt("was changed", [{ ...HOURLY, catchUp }], away);
  await cloud.register("was changed", [{ ...HALF_PAST, catchUp }]);
  await cloud.registerAt("was not", [{ ...HOURLY, catchUp }], away);
  await cloud.register("was not", [{ ...HOURLY, catchUp }], { description: "second" });
  await tick();
  const past = async (flow: string) => (await cloud.runs(flow)).filter(({ slot }) => slot < new Date()).length;
  expect(await past("was changed")).toBe(0);
  expect(await past("was not")).toBeGreaterThanOrEqual(2);
});

test("a schedule that is gone makes no runs, and comes back as it was: switched off", async () => {
  await cloud.register("gone", [HOURLY, { ...HALF_PAST, name: "other" }]);
  await tick();
  await setActive("gone", false);
  await cloud.register("gone", [{ ...HALF_PAST, name: "other" }]);
  await tick();
  expect(await minutesOf("gone")).toEqual([30]);
  await cloud.register("gone", [{ ...HALF_PAST, name: "other" }, HOURLY]);
  await tick();
  expect(await minutesOf("gone")).toEqual([30]);
  await setActive("gone", true);
  await tick();
  expect(new Set(await minutesOf("gone"))).toEqual(new Set([0, 30]));
});

test("a registration without schedules ends them all", async () => {
  await cloud.register("ended", [HOURLY]);
  await tick();
  await cloud.register("ended", []);
  await tick();
  expect(await cloud.runs("ended")).toEqual([]);
  expect(await rows("ended")).toEqual([{ name: "s", active: true, removed: true }]);
});

test("switched off, a schedule takes back its runs that are not begun, and stays off in later versions", async () => {
  await cloud.register("off", [HOURLY]);
  await tick();
  const kept = await touch("off");
  await setActive("off", false);
  expect((await cloud.runs("off")).map(({ id }) => id).sort()).toEqual(Object.values(kept).sort());
  await cloud.register("off", [HALF_PAST]);
  await tick();
  expect((await cloud.runs("off")).map(({ id }) => id).sort()).toEqual(Object.values(kept).sort());
});

test("switched on, it goes on from now, whatever its policy; and switching on what is on changes nothing", async () => {
  const given = schedule({ everySeconds: 60 }, { catchUp: { policy: "all", windowSeconds: 86_400 } });
  await cloud.registerAt("on", [given], new Date(Date.now() - 3_600_000).toISOString());
  await setActive("on", true);
  await tick();
  expect((await cloud.runs("on")).length).toBeGreaterThan(50);
  await setActive("on", false);
  const before = (await cloud.runs("on")).length;
  await cloud.pool.query("update schedules set planned_until = now() - interval '3 hours' where id = $1", [
    await cloud.scheduleId("on"),
  ]);
  await setActive("on", true);
  await tick();
  const after = await cloud.runs("on");
  expect(after.filter(({ slot }) => slot < new Date(Date.now() - 120_000)).length).toBeLessThanOrEqual(before);
  expect(after.length).toBeLessThanOrEqual(before + 11);
});

test("a slot whose run a person cancelled is not filled again by a new version", async () => {
  await cloud.register("cancelled", [HOURLY]);
  await tick();
  const { cancelled } = await touch("cancelled");
  const slotOf = async () => (await cloud.runs("cancelled")).find(({ id }) => id === cancelled)?.slot.getTime();
  const slot = await slotOf();
  await cloud.register("cancelled", [HOURLY], { description: "second" });
  await tick();
  const there = (await cloud.runs("cancelled")).filter((run) => run.slot.getTime() === slot);
  expect(there.map(({ id }) => id)).toEqual([cancelled]);
});

test("registering, switching and planning at once neither block each other for good nor make a run twice", async () => {
  await cloud.register("storm", [HOURLY]);
  const steps = Array.from({ length: 24 }, (_, i) => async () => {
    if (i % 3 === 0) await cloud.register("storm", [HOURLY], { description: `version ${i}` });
    if (i % 3 === 1) await setActive("storm", i % 2 === 0);
    if (i % 3 === 2) await tick();
  });
  await Promise.all(steps.map((step) => step()));
  await setActive("storm", true);
  await tick();
  const runs = await cloud.runs("storm");
  expect(runs).toHaveLength(10);
  expect(new Set(runs.map(({ version }) => version)).size).toBe(1);
});
