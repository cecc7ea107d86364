import type { ClaimedRun, OutcomeReply, StartReply } from "@weir/protocol";
import { eventually } from "@weir/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { cancelFlowRun } from "../flow-runs/cancel-flow-run.ts";
import { restartFlowRun } from "../flow-runs/restart-flow-run.ts";
import { childCanceller } from "../loops/child-canceller.ts";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "./testing/door-fixture.ts";
import { flow } from "./testing/events.ts";

// Loops and polls are an hour apart: what is heard here was told.
let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 3600, pollSeconds: 3600 });
  agent = await door.enrol();
});
afterEach(async () => {
  expect(await door.violations()).toEqual([]);
  await door.pool.query(
    `update flow_runs set scheduled_start_time = now() + interval '1 day' where state in ('Scheduled', 'Resume')`,
  );
});
afterAll(() => door.stop());

const own = (id: string) => ({ tenantId: door.tenantId, id });

async function begin(): Promise<ClaimedRun> {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running")]);
  return run;
}

const start = (run: ClaimedRun, idempotencyKey: string, more: object = {}) =>
  door.post<StartReply>(`/v1/runs/${run.runId}/starts`, run.runToken, {
    attempt: run.attempt,
    flow: "f",
    idempotencyKey,
    ...more,
  });

async function started(run: ClaimedRun, key = "k"): Promise<string> {
  const { status, body } = await start(run, key);
  expect(status).toBe(200);
  return body.runId;
}

const outcome = (run: ClaimedRun, runId: string, waitSeconds = 0) =>
  door.post<OutcomeReply>(`/v1/runs/${run.runId}/outcomes`, run.runToken, {
    attempt: run.attempt,
    runId,
    waitSeconds,
  });

/** Resolves once the cloud has looked how a run stands, after it was asked. */
async function looked<T>(ask: () => Promise<T>): Promise<{ waiting: Promise<T> }> {
  const { rows } = await door.pool.query<{ at: string }>(`select clock_timestamp()::text as at`);
  const waiting = ask();
  await eventually(async () => {
    const looks = await door.pool.query(
      `select from pg_stat_activity where query like '%r.state, s.message, s.failure%' and query_start > $1::timestamptz
         and pid <> pg_backend_pid() and datname = current_database()`,
      [rows[0]?.at],
    );
    expect(looks.rows.length).toBeGreaterThan(0);
  });
  return { waiting };
}

const stateOf = async (id: string) => (await door.run(id)).state;

test("a run starts another one, which any agent claims; the same key gives the same run, in every attempt", async () => {
  const parent = await begin();
  const first = await start(parent, "k", { parameters: { day: 1 }, name: "child", labels: [] });
  expect(first).toMatchObject({ status: 200, body: { created: true } });
  expect(await start(parent, "k")).toMatchObject({ body: { runId: first.body.runId, created: false } });
  expect(await agent.claimOne()).toMatchObject({
    runId: first.body.runId,
    runName: "child",
    project: "p",
    parameters: { day: 1 },
  });
  await agent.release(parent, "drain");
  const again = await agent.claimOne();
  expect(await start(again, "k")).toMatchObject({ body: { runId: first.body.runId, created: false } });
  const { rows } = await door.pool.query(`select parent_run_id as parent from flow_runs where id = $1`, [
    first.body.runId,
  ]);
  expect(rows).toEqual([{ parent: parent.runId }]);
});

test("keys are the parent's own: neither another parent's nor a person's run is found by them", async () => {
  const [one, other] = [await begin(), await begin()];
  const byPerson = await door.create({ idempotencyKey: "same" });
  const children = [await started(one, "same"), await started(other, "same")];
  expect(new Set([...children, byPerson]).size).toBe(3);
});

test("eight copies of one start make one run", async () => {
  const parent = await begin();
  const replies = await Promise.all(Array.from({ length: 8 }, () => start(parent, "once")));
  expect(new Set(replies.map(({ status, body }) => `${status} ${body.runId}`)).size).toBe(1);
  expect(replies.filter(({ body }) => body.created)).toHaveLength(1);
});

test("what cannot be started is refused with a sentence", async () => {
  const parent = await begin();
  const missing = await start(parent, "a", { flow: "nowhere" });
  expect(missing).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  expect(missing.body.message).toContain('There is no flow "nowhere" in the project "p"');
  expect(await start(parent, "a", { project: "none" })).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  expect(await start(parent, "a", { parameters: [1] })).toMatchObject({ status: 400 });
  await cancelFlowRun(door.pool, own(parent.runId));
  const stopping = await start(parent, "b");
  expect(stopping).toMatchObject({ status: 409, body: { code: "CONFLICT" } });
  expect(stopping.body.message).toContain("is being cancelled; it starts no other run");
  await agent.reported(parent, 2, [flow("Cancelled")]);
  expect(await start(parent, "b")).toMatchObject({ status: 409, body: { code: "STALE_ATTEMPT" } });
});

// Nobody polls here: unless its end is told, the wait would take its whole half minute.
test("whoever waits for a run hears of its end at once, with message and failure", { timeout: 20_000 }, async () => {
  const parent = await begin();
  const id = await started(parent);
  expect((await outcome(parent, id)).body).toEqual({ runId: id, state: "Scheduled", message: "created" });
  const child = await agent.claimOne();
  const { waiting } = await looked(() => outcome(parent, id, 30));
  await agent.reported(child, 1, [flow("Running")]);
  const failure = { name: "Error", message: "no" };
  await agent.reported(child, 2, [flow("Failed", { message: "it failed", failure })]);
  expect((await waiting).body).toEqual({ runId: id, state: "Failed", message: "it failed", failure });
  expect((await outcome(parent, id, 30)).body.state).toBe("Failed");
});

test("a wait ends after its time", async () => {
  const parent = await begin();
  const id = await started(parent);
  expect((await outcome(parent, id, 0.2)).body.state).toBe("Scheduled");
});

test("a cloud that stops answers those that wait", { timeout: 20_000 }, async () => {
  const parent = await begin();
  const id = await started(parent);
  const second = await door.replica();
  const { waiting } = await looked(() =>
    fetch(`${second.url}/v1/runs/${parent.runId}/outcomes`, {
      method: "POST",
      headers: { authorization: `Bearer ${parent.runToken}`, "content-type": "application/json" },
      body: JSON.stringify({ attempt: 1, runId: id, waitSeconds: 30 }),
    }),
  );
  await second.stop();
  expect((await (await waiting).json()) as OutcomeReply).toMatchObject({ runId: id });
});

test("a run that there is not, or of another tenant, is not found; an attempt that lost its run is not answered", async () => {
  const parent = await begin();
  const nothing = "01890000-0000-7000-8000-000000000000";
  expect(await outcome(parent, nothing)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  const id = await started(parent);
  const foreign = await makeTenant(door.pool);
  await door.pool.query(`alter table flow_runs disable trigger all`);
  await door.pool.query(`update flow_runs set tenant_id = $1, parent_run_id = null where id = $2`, [foreign, id]);
  expect(await outcome(parent, id)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
  await door.pool.query(`update flow_runs set tenant_id = $1 where id = $2`, [door.tenantId, id]);
  await door.pool.query(`alter table flow_runs enable trigger all`);
  await agent.release(parent, "drain");
  expect(await outcome(parent, id)).toMatchObject({ status: 409, body: { code: "STALE_ATTEMPT" } });
});

test("who is cancelled takes along what it started, and what that started, held or not", async () => {
  const parent = await begin();
  const held = await started(parent, "held");
  const child = await agent.claimOne();
  await agent.reported(child, 1, [flow("Running")]);
  const waiting = await started(parent, "waiting");
  const grandchild = await started(child, "below");
  await cancelFlowRun(door.pool, own(parent.runId));
  expect([await stateOf(parent.runId), await stateOf(held), await stateOf(waiting), await stateOf(grandchild)]).toEqual(
    ["Cancelling", "Cancelling", "Cancelled", "Cancelled"],
  );
  expect((await agent.reported(child, 2, [])).orders).toEqual([{ kind: "cancel" }]);
  await agent.reported(child, 2, [flow("Cancelled")]);
});

test("a run that ends as Cancelled by itself takes along what it started; one that fails does not", async () => {
  const [cancelled, failed] = [await begin(), await begin()];
  const [its, others] = [await started(cancelled), await started(failed)];
  await agent.reported(cancelled, 2, [flow("Cancelled")]);
  await agent.reported(failed, 2, [flow("Failed")]);
  await eventually(async () => expect(await stateOf(its)).toBe("Cancelled"));
  expect(await stateOf(others)).toBe("Scheduled");
});

test("a start and a cancel at the same moment leave no child behind", async () => {
  for (let round = 0; round < 15; round += 1) {
    const parent = await begin();
    const early = round % 2 === 0 ? start(parent, "k") : null;
    const [, reply] = await Promise.all([cancelFlowRun(door.pool, own(parent.runId)), early ?? start(parent, "k")]);
    if (reply.status === 200) expect(await stateOf(reply.body.runId)).toBe("Cancelled");
    else expect(reply.body.code).toBe("CONFLICT");
    await agent.reported(parent, 2, [flow("Cancelled")]);
  }
});

test("a start that meets a cancel in the midst waits for it, and starts nothing", async () => {
  const parent = await begin();
  const client = await door.pool.connect();
  await client.query("begin");
  await client.query(`update flow_runs set state = 'Cancelling', state_version = 4 where id = $1`, [parent.runId]);
  await client.query(
    `insert into flow_run_states select tenant_id, flow_run_id, 4, attempt, 'Cancelling', now() from flow_run_states where flow_run_id = $1 and version = 3`,
    [parent.runId],
  );
  const asked = start(parent, "k");
  await eventually(async () => {
    const { rows } = await door.pool.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'with parent as%' and datname = current_database()`,
    );
    expect(rows).toHaveLength(1);
  });
  await client.query("commit");
  client.release();
  expect(await asked).toMatchObject({ status: 409, body: { code: "CONFLICT" } });
});

test("children that a cloud left behind are cancelled by the loop, but not one that a person restarted", async () => {
  const parent = await begin();
  const [lost, restarted] = [await started(parent, "lost"), await started(parent, "restarted")];
  await cancelFlowRun(door.pool, own(restarted));
  await restartFlowRun(door.pool, own(restarted));
  // As the report of a cloud would that died right after its commit.
  await agent.reported(parent, 2, [flow("Success")]);
  await door.pool.query(`update flow_runs set state = 'Cancelled' where id = $1`, [parent.runId]);
  await childCanceller(door.pool, 1, { warn: () => undefined }).tick();
  await door.pool.query(`update flow_runs set state = 'Success' where id = $1`, [parent.runId]);
  expect([await stateOf(lost), await stateOf(restarted)]).toEqual(["Cancelled", "Scheduled"]);
});
