import type { ClaimedRun, SlotsReply, StateName } from "@weir/protocol";
import { eventually } from "@weir/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { cancelFlowRun } from "../flow-runs/cancel-flow-run.ts";
import { pauseFlowRun } from "../flow-runs/pause-flow-run.ts";
import { resumeFlowRun } from "../flow-runs/resume-flow-run.ts";
import { sweepFlowRuns } from "../flow-runs/sweep-flow-runs.ts";
import { slotKeeper } from "../loops/slot-keeper.ts";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../run-door/testing/events.ts";
import { freeAllSlots, freeSlots } from "./free-slots.ts";
import { deleteTaskLimit, setTaskLimit } from "./set-task-limit.ts";

// The loops are an hour apart: what is granted here was granted by whoever freed it.
let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 3600, pollSeconds: 3600 });
  agent = await door.enrol();
});
afterEach(async () => {
  expect(await door.violations()).toEqual([]);
  await door.pool.query(`delete from task_limits`);
  await door.pool.query(`delete from task_slots`);
});
afterAll(() => door.stop());

const limit = (tag: string, slots: number) => setTaskLimit(door.pool, { tenantId: door.tenantId, tag, slots });
const own = (run: ClaimedRun) => ({ tenantId: door.tenantId, id: run.runId });

/** A claimed run with its first `tasks` task runs declared. */
async function begin(tasks = 3): Promise<ClaimedRun> {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), ...Array.from({ length: tasks }, (_, i) => declare(i + 1))]);
  return run;
}

async function ask(run: ClaimedRun, tasks: Record<number, string[]>): Promise<number[]> {
  const wanted = Object.entries(tasks).map(([number, tags]) => ({ number: Number(number), tags }));
  const { status, body } = await door.post<SlotsReply>(`/v1/runs/${run.runId}/slots`, run.runToken, {
    attempt: run.attempt,
    tasks: wanted,
  });
  expect([status, body.waitSeconds > 0]).toEqual([200, body.granted.length < wanted.length]);
  return body.granted;
}

/** The slots that are held of a tag, as `task run number` of each run. */
async function holders(tag: string): Promise<number[]> {
  const { rows } = await door.pool.query<{ number: number }>(
    `select number from task_slots where tag = $1 and granted_at is not null order by number`,
    [tag],
  );
  return rows.map(({ number }) => number);
}

async function state(run: ClaimedRun): Promise<number> {
  return (await door.run(run.runId)).event_number;
}

/** Reports the next state of a task run. Answers which grants the reply tells. */
async function move(run: ClaimedRun, number: number, to: StateName): Promise<number[]> {
  const { orders } = await agent.reported(run, (await state(run)) + 1, [task(number, to)]);
  return orders.flatMap(({ kind, numbers }) => (kind === "slots" ? (numbers ?? []) : []));
}

const waits = (run: ClaimedRun) => agent.claim({ room: 0, waitSeconds: 20, holding: [run.runId] });

test("tags without a limit are granted, and leave no trace", async () => {
  const run = await begin();
  expect(await ask(run, { 1: ["free"], 2: [] })).toEqual([1, 2]);
  const { rows } = await door.pool.query(
    `select (select count(*)::int from task_slots) as slots, order_version as version from flow_runs where id = $1`,
    [run.runId],
  );
  expect(rows).toEqual([{ slots: 0, version: 0 }]);
});

test("as many are granted as the limit says; the others are granted in their order as slots become free", async () => {
  await limit("db", 2);
  const [one, other] = [await begin(), await begin()];
  expect(await ask(one, { 1: ["db"], 2: ["db"], 3: ["db"] })).toEqual([1, 2]);
  expect(await ask(other, { 1: ["db"] })).toEqual([]);
  for (const number of [1, 2]) await move(one, number, "Running");
  await move(one, 3, "Queued");
  const waiting = waits(one);
  await move(one, 2, "Success");
  expect((await waiting).orders).toEqual([{ runId: one.runId, order: { kind: "slots", numbers: [3] } }]);
  const waitingOther = waits(other);
  await move(one, 1, "Failed");
  expect((await waitingOther).orders).toEqual([{ runId: other.runId, order: { kind: "slots", numbers: [1] } }]);
});

test("a grant is told with reports, again and again, until the task run has begun", async () => {
  await limit("db", 1);
  const run = await begin();
  await ask(run, { 1: ["db"], 2: ["db"] });
  await move(run, 1, "Running");
  await move(run, 2, "Queued");
  await move(run, 1, "Success");
  await eventually(async () => expect(await holders("db")).toEqual([2]));
  for (const _ of [1, 2]) {
    expect((await agent.reported(run, 8, [])).orders).toEqual([{ kind: "slots", numbers: [2] }]);
  }
  expect(await move(run, 2, "Running")).toEqual([]);
});

test("to ask again answers what is true, and costs no place", async () => {
  await limit("db", 1);
  const [one, other] = [await begin(), await begin()];
  expect(await ask(one, { 1: ["db"] })).toEqual([1]);
  expect(await ask(one, { 1: ["db"] })).toEqual([1]);
  expect(await ask(other, { 1: ["db"] })).toEqual([]);
  expect(await ask(one, { 2: ["db"] })).toEqual([]);
  expect(await ask(other, { 1: ["db"] })).toEqual([]);
  await move(one, 1, "Running");
  await move(one, 1, "Success");
  await eventually(async () => expect(await ask(other, { 1: ["db"] })).toEqual([1]));
  expect(await ask(one, { 2: ["db"] })).toEqual([]);
});

test("the end of a task run, of a try and of a turn, and a pause free a slot; a queue and a cancel under way do not", async () => {
  await limit("db", 1);
  for (const to of ["Success", "Retrying", "Looped", "Paused", "Cancelled", "TriggerFailed"] as const) {
    const run = await begin();
    expect(await ask(run, { 1: ["db"] })).toEqual([1]);
    await move(run, 1, "Running");
    await ask(run, { 2: ["db"] });
    await move(run, 2, "Queued");
    expect(await holders("db")).toEqual([1]);
    await move(run, 1, to);
    await eventually(async () => expect([to, await holders("db")]).toEqual([to, [2]]));
    await move(run, 2, "Running");
    await agent.reported(run, (await state(run)) + 1, [flow("Success")]);
    expect(await holders("db")).toEqual([]);
  }
});

test("a try that asks again has its own slot, not that of the try before", async () => {
  await limit("db", 1);
  const run = await begin();
  await ask(run, { 1: ["db"] });
  await move(run, 1, "Running");
  await move(run, 1, "Retrying");
  expect(await ask(run, { 1: ["db"] })).toEqual([1]);
  await move(run, 1, "Running");
  expect(await ask(run, { 2: ["db"] })).toEqual([]);
  expect(await holders("db")).toEqual([1]);
});

test("who frees what a try held, but comes late with it, leaves the next try's slot alone", async () => {
  await limit("db", 1);
  const run = await begin();
  await ask(run, { 1: ["db"] });
  await move(run, 1, "Running");
  await move(run, 1, "Retrying");
  expect(await ask(run, { 1: ["db"] })).toEqual([1]);
  const late = [{ number: 1, eventNumber: await state(run) }];
  expect(await freeSlots(door.pool, { ...run, tenantId: door.tenantId }, late)).toBe(false);
  expect(await holders("db")).toEqual([1]);
});

test("a run's slots are freed for its own tenant alone", async () => {
  await limit("db", 1);
  const run = await begin();
  await ask(run, { 1: ["db"] });
  const over = [{ number: 1, eventNumber: (await state(run)) + 1 }];
  const foreign = { ...run, tenantId: await makeTenant(door.pool) };
  expect([await freeSlots(door.pool, foreign, over), await freeAllSlots(door.pool, foreign)]).toEqual([false, false]);
  expect(await holders("db")).toEqual([1]);
  expect(await freeSlots(door.pool, { ...run, tenantId: door.tenantId }, over)).toBe(true);
});

test("what a cloud left behind that died before it freed it counts neither for the next try nor for others", async () => {
  await limit("db", 1);
  const run = await begin();
  await ask(run, { 1: ["db"] });
  await move(run, 1, "Running");
  const died = `with run as (update flow_runs set event_number = 6 where id = $1)
    update task_runs set state = 'Retrying', event_number = 6 where flow_run_id = $1 and number = 1`;
  await door.pool.query(died, [run.runId]);
  await door.pool.query(
    `insert into task_run_states select tenant_id, flow_run_id, at, 6, 1, 'Retrying', 1 from task_run_states where flow_run_id = $1 and number = 5`,
    [run.runId],
  );
  expect(await ask(run, { 1: ["db"] })).toEqual([1]);
  expect(await ask(run, { 2: ["db"] })).toEqual([]);
  await agent.release(run, "drain");
  await agent.claimOne();
  await door.pool.query(
    `insert into task_slots (tenant_id, flow_run_id, number, tag, attempt, event_number, position, granted_at)
     select tenant_id, id, 1, 'db', 1, 6, 1, now() from flow_runs where id = $1`,
    [run.runId],
  );
  expect(await ask(await begin(), { 1: ["db"] })).toEqual([1]);
});

test("a copy of a question that comes after the end of its task run takes no place", async () => {
  await limit("db", 1);
  const run = await begin();
  await ask(run, { 1: ["db"] });
  await move(run, 1, "Running");
  await move(run, 1, "Success");
  expect(await ask(run, { 1: ["db"] })).toEqual([1]);
  expect(await ask(run, { 2: ["db"] })).toEqual([2]);
});

test("one that needs two tags gets both or none, and is not overtaken by those that need one", async () => {
  await limit("a", 1);
  await limit("b", 1);
  const run = await begin(5);
  expect(await ask(run, { 1: ["a"], 2: ["b"] })).toEqual([1, 2]);
  expect(await ask(run, { 3: ["a", "b"], 4: ["a"], 5: ["b"] })).toEqual([]);
  for (const number of [1, 2]) await move(run, number, "Running");
  await move(run, 1, "Success");
  await ask(run, { 4: ["a"] });
  expect([await holders("a"), await holders("b")]).toEqual([[], [2]]);
  await move(run, 2, "Success");
  await eventually(async () => expect([await holders("a"), await holders("b")]).toEqual([[3], [3]]));
  await move(run, 3, "Running");
  await move(run, 3, "Success");
  await eventually(async () => expect([await holders("a"), await holders("b")]).toEqual([[4], [5]]));
});

test("a limit of 0 blocks all who need it, and they hold up nobody who does not", async () => {
  await limit("closed", 0);
  await limit("db", 1);
  const run = await begin();
  expect(await ask(run, { 1: ["closed", "db"], 2: ["db"] })).toEqual([2]);
  await move(run, 2, "Running");
  expect(await ask(run, { 3: ["db"] })).toEqual([]);
  await limit("closed", 1);
  await move(run, 2, "Success");
  await eventually(async () => expect(await holders("db")).toEqual([1]));
});

test("a limit that is raised or removed lets those that wait begin at once, and tells them", async () => {
  await limit("db", 0);
  const run = await begin(4);
  expect(await ask(run, { 1: ["db"], 2: ["db"], 3: ["db"] })).toEqual([]);
  let waiting = waits(run);
  await limit("db", 2);
  expect((await waiting).orders).toEqual([{ runId: run.runId, order: { kind: "slots", numbers: [1, 2] } }]);
  waiting = waits(run);
  await deleteTaskLimit(door.pool, { tenantId: door.tenantId, tag: "db" });
  expect((await waiting).orders).toEqual([{ runId: run.runId, order: { kind: "slots", numbers: [3] } }]);
});

test("a limit that is lowered takes nothing away, and grants nothing until fewer hold it", async () => {
  await limit("db", 2);
  const run = await begin();
  await ask(run, { 1: ["db"], 2: ["db"] });
  await limit("db", 1);
  await ask(run, { 3: ["db"] });
  for (const number of [1, 2]) await move(run, number, "Running");
  await move(run, 1, "Success");
  expect(await ask(run, { 3: ["db"] })).toEqual([]);
  await move(run, 2, "Success");
  await eventually(async () => expect(await holders("db")).toEqual([3]));
});

test("a run that is over, given back, cancelled or silent holds nothing, whatever its task runs were doing", async () => {
  await limit("db", 1);
  const ends: ((run: ClaimedRun) => Promise<unknown>)[] = [
    async (run) => agent.reported(run, (await state(run)) + 1, [flow("Crashed")]),
    (run) => agent.release(run, "drain"),
    async (run) => {
      await cancelFlowRun(door.pool, own(run));
      await agent.release(run, "drain");
    },
    async (run) => {
      await door.pool.query(`update flow_runs set lease_expires_at = now() - interval '1 s' where id = $1`, [
        run.runId,
      ]);
      await sweepFlowRuns(door.pool, { leaseSeconds: 1, maxRecoveries: 9, recoveryBackoffSeconds: 9 }, () => undefined);
    },
  ];
  for (const end of ends) {
    const [holder, next] = [await begin(), await begin()];
    expect(await ask(holder, { 1: ["db"] })).toEqual([1]);
    await move(holder, 1, "Running");
    expect(await ask(next, { 2: ["db"] })).toEqual([]);
    const waiting = waits(next);
    await end(holder);
    expect((await waiting).orders).toEqual([{ runId: next.runId, order: { kind: "slots", numbers: [2] } }]);
    await agent.reported(next, (await state(next)) + 1, [flow("Failed")]);
    await door.pool.query(
      `update flow_runs set scheduled_start_time = now() + interval '1 day' where state = 'Scheduled'`,
    );
  }
});

test("an attempt that is over neither asks nor waits for the next one", async () => {
  await limit("db", 1);
  const first = await begin();
  await ask(first, { 1: ["db"] });
  await agent.release(first, "drain");
  const second = await agent.claimOne();
  const late = await door.post(`/v1/runs/${first.runId}/slots`, first.runToken, {
    attempt: 1,
    tasks: [{ number: 1, tags: ["db"] }],
  });
  expect(late).toMatchObject({ status: 409, body: { code: "STALE_ATTEMPT" } });
  expect(await ask(second, { 1: ["db"] })).toEqual([1]);
});

test("a run that is to pause is granted nothing, holds nobody up, and keeps its place", async () => {
  await limit("db", 1);
  const [holder, paused, next] = [await begin(), await begin(), await begin()];
  await ask(holder, { 1: ["db"] });
  await ask(paused, { 2: ["db"] });
  await pauseFlowRun(door.pool, own(paused));
  await ask(next, { 3: ["db"] });
  await move(holder, 1, "Running");
  await move(holder, 1, "Success");
  await eventually(async () => expect(await holders("db")).toEqual([3]));
  await move(next, 3, "Running");
  await move(next, 3, "Success");
  expect(await holders("db")).toEqual([]);
  await resumeFlowRun(door.pool, own(paused));
  expect(await holders("db")).toEqual([2]);
});

test("twenty runs that ask at once on two replicas are never granted more than there is", async () => {
  await limit("db", 3);
  const second = await door.replica();
  const runs: ClaimedRun[] = [];
  for (let i = 0; i < 20; i += 1) runs.push(await begin(2));
  const body = (run: ClaimedRun) => ({
    attempt: run.attempt,
    tasks: [
      { number: 1, tags: ["db"] },
      { number: 2, tags: ["db"] },
    ],
  });
  const replies = await Promise.all(
    runs.flatMap((run) =>
      [door.cloud.url, second.url].map(async (url) => {
        const reply = await fetch(`${url}/v1/runs/${run.runId}/slots`, {
          method: "POST",
          headers: { authorization: `Bearer ${run.runToken}`, "content-type": "application/json" },
          body: JSON.stringify(body(run)),
        });
        return [reply.status, run.runId, ((await reply.json()) as SlotsReply).granted] as const;
      }),
    ),
  );
  expect(new Set(replies.map(([status]) => status))).toEqual(new Set([200]));
  const granted = new Set(replies.flatMap(([, runId, numbers]) => numbers.map((number) => `${runId} ${number}`)));
  expect(granted.size).toBe(3);
  expect(await holders("db")).toHaveLength(3);
});

test("what a cloud that died between freeing and granting left behind, the loop grants", async () => {
  await limit("db", 1);
  const run = await begin();
  await ask(run, { 1: ["db"], 2: ["db"] });
  // As the report of another replica would, which died right after its commit.
  await door.pool.query(
    `update task_runs set state = 'Success', event_number = 99, ended_at = now() where flow_run_id = $1 and number = 1`,
    [run.runId],
  );
  await slotKeeper(door.pool, 1).tick();
  expect(await holders("db")).toEqual([2]);
  await door.pool.query(
    `update task_runs set state = 'Pending', event_number = 2, ended_at = null where flow_run_id = $1 and number = 1`,
    [run.runId],
  );
});

test("a queue of a thousand is worked through in its order", async () => {
  await limit("db", 100);
  const run = await begin(1_000);
  const all = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [i + 1, ["db"]]));
  const granted = await ask(run, all);
  expect(granted).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  const done = granted.flatMap((number) => [task(number, "Running"), task(number, "Success")]);
  await agent.reported(run, (await state(run)) + 1, done);
  await eventually(async () => expect(await holders("db")).toEqual(Array.from({ length: 100 }, (_, i) => i + 101)));
});
