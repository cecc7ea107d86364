import type { ClaimedRun } from "@weir/protocol";
import type { Pool, QueryConfig } from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, log, task } from "../run-door/testing/events.ts";
import { cancelFlowRun } from "./cancel-flow-run.ts";
import { sweepFlowRuns } from "./sweep-flow-runs.ts";

// Deadlines are set into the past by hand and the sweeper is called once, so that nothing waits for a clock.

const RULES = { leaseSeconds: 45, maxRecoveries: 2, recoveryBackoffSeconds: 0 };

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 60 });
  agent = await door.enrol("quiet");
});
afterEach(async () => {
  expect(await door.violations()).toEqual([]);
  await door.pool.query(
    `update flow_runs set scheduled_start_time = now() + interval '1 day' where state = 'Scheduled'`,
  );
});
afterAll(() => door.stop());

async function claimNew(): Promise<ClaimedRun> {
  await door.create();
  return await agent.claimOne();
}

const expire = (run: ClaimedRun) =>
  door.pool.query(`update flow_runs set lease_expires_at = now() - interval '1 second' where id = $1`, [run.runId]);

async function sweep(): Promise<number> {
  return await sweepFlowRuns(door.pool, RULES, (_run, error) => {
    throw error;
  });
}

test("a run whose agent fell silent is due again, with the reason in its history", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Running")]);
  expect(await sweep()).toBe(0);
  await expire(run);
  expect(await sweep()).toBe(1);
  const swept = await door.run(run.runId);
  expect(swept).toMatchObject({ state: "Scheduled", recoveries: 1 });
  expect(swept.messages.at(-1)).toMatch(
    /^agent quiet fell silent after 46\.\d s; attempt 2 follows \(recovery 1 of 2\)$/,
  );
  const again = await agent.claimOne();
  expect(again).toMatchObject({ runId: run.runId, attempt: 2, known: [{ number: 1, state: "Running" }] });
  expect(await agent.reported(again, 1, [flow("Running"), declare(1), task(1, "Running")])).toMatchObject({
    refused: [],
  });
});

test("an attempt that was swept is refused, whatever it sends", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [flow("Running")]);
  await expire(run);
  await sweep();
  expect(await agent.report(run, 2, [])).toMatchObject({ status: 409, body: { code: "STALE_ATTEMPT" } });
  const again = await agent.claimOne();
  const stale = await agent.report(run, 2, [log("still here")]);
  expect(stale).toMatchObject({ status: 409, body: { code: "STALE_ATTEMPT" } });
  expect(stale.body.message).toContain("attempt 2 holds the lease now");
  expect(await agent.release(run, "drain")).toMatchObject({ status: 409, body: { code: "STALE_ATTEMPT" } });
  expect(await agent.reported(again, 1, [flow("Running")])).toMatchObject({ accepted: 1 });
});

test("after the last recovery the run is Failed, and its task runs with it", async () => {
  const { runId } = await claimNew().then(async (run) => {
    await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Success"), declare(2), task(2, "Running")]);
    await expire(run);
    return run;
  });
  for (let recovery = 1; recovery <= RULES.maxRecoveries; recovery += 1) {
    await sweep();
    expect(await door.run(runId)).toMatchObject({ state: "Scheduled", recoveries: recovery });
    await expire(await agent.claimOne());
  }
  await sweep();
  const ended = await door.run(runId);
  expect(ended).toMatchObject({ state: "Failed", attempt: 3 });
  expect(ended.messages.at(-1)).toContain("after 2 recoveries the run is given up");
  const { rows } = await door.pool.query(
    `select (select failure->>'code' from flow_run_states where flow_run_id = $1 order by version desc limit 1) as code,
       (select array_agg(state::text order by number) from task_runs where flow_run_id = $1) as states`,
    [runId],
  );
  expect(rows).toEqual([{ code: "RECOVERIES_EXHAUSTED", states: ["Success", "Failed"] }]);
});

test("a run that was being cancelled when its agent fell silent is Cancelled", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [flow("Running"), declare(1)]);
  await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  await expire(run);
  await sweep();
  expect(await door.run(run.runId)).toMatchObject({ state: "Cancelled", recoveries: 0 });
});

test("a finisher that is late and a sweeper: one wins, and the run is whole either way", async () => {
  for (let round = 0; round < 20; round += 1) {
    const run = await claimNew();
    await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Running")]);
    await expire(run);
    const finish = () => agent.report(run, 4, [task(1, "Success"), flow("Success")]);
    // Either may be the first to reach the row.
    const early = round % 2 === 0 ? sweep() : null;
    const [reply] = await Promise.all([finish(), early ?? sweep()]);
    const { state } = await door.run(run.runId);
    expect([reply.status, state]).toEqual(reply.status === 200 ? [200, "Success"] : [409, "Scheduled"]);
    if (state === "Scheduled") await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  }
});

test("two sweepers at once free each run once", async () => {
  const runs = [];
  for (let i = 0; i < 10; i += 1) runs.push(await claimNew());
  for (const run of runs) await expire(run);
  const taken = await Promise.all([sweep(), sweep(), sweep()]);
  expect(taken.reduce((sum, n) => sum + n)).toBe(10);
});

/** The pool, with something that happens between the sweeper's look and its write. */
function interrupted(happening: () => Promise<unknown>): Pool {
  const query = async (statement: QueryConfig) => {
    const result = await door.pool.query(statement);
    if (statement.name === "expired-flow-runs" && result.rows.length > 0) await happening();
    return result;
  };
  return { query } as unknown as Pool;
}

test("a heartbeat between the sweeper's look and its write keeps the run", async () => {
  const run = await claimNew();
  await expire(run);
  const taken = await sweepFlowRuns(
    interrupted(() => agent.reported(run, 1, [])),
    RULES,
    () => undefined,
  );
  expect([taken, (await door.run(run.runId)).state]).toEqual([0, "Submitted"]);
});

test("a run that another replica swept and an agent claimed meanwhile is left alone", async () => {
  const run = await claimNew();
  await expire(run);
  const meanwhile = async () => {
    await sweep();
    await expire(await agent.claimOne());
  };
  expect(await sweepFlowRuns(interrupted(meanwhile), RULES, () => undefined)).toBe(0);
  expect(await door.run(run.runId)).toMatchObject({ state: "Submitted", attempt: 2, recoveries: 1 });
});

test("a run that cannot be swept does not keep the others from it", async () => {
  const [broken, good] = [await claimNew(), await claimNew()];
  await expire(broken);
  await expire(good);
  const query = async (statement: QueryConfig) => {
    if (statement.values?.[0] === broken.runId) throw new Error("unreadable");
    return await door.pool.query(statement);
  };
  const problems: string[] = [];
  await sweepFlowRuns({ query } as unknown as Pool, RULES, (runId) => problems.push(runId));
  expect(problems).toEqual([broken.runId]);
  expect((await door.run(good.runId)).state).toBe("Scheduled");
});

test("cancel and finish at once: the run ends once, in one of the two ways", async () => {
  for (let round = 0; round < 20; round += 1) {
    const run = await claimNew();
    await agent.reported(run, 1, [flow("Running")]);
    const cancel = cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
    const [{ state }, reply] = await Promise.all([cancel, agent.report(run, 2, [flow("Success")])]);
    expect(reply.status).toBe(200);
    expect(["Cancelling", "Success"]).toContain(state);
    expect((await door.run(run.runId)).state).toBe("Success");
  }
});

test("a run that waits is cancelled at once; one that is over stays as it is", async () => {
  const id = await door.create();
  const wanted = { tenantId: door.tenantId, id };
  expect(await cancelFlowRun(door.pool, wanted)).toEqual({ state: "Cancelled" });
  expect(await cancelFlowRun(door.pool, wanted)).toEqual({ state: "Cancelled" });
  expect((await door.run(id)).history).toEqual(["Scheduled", "Cancelled"]);
  await expect(cancelFlowRun(door.pool, { ...wanted, tenantId: id })).rejects.toThrow(/There is no flow run/);
});

test("a lease that is given back makes the run due at once, or later, or Paused", async () => {
  const run = await claimNew();
  expect(await agent.release(run, "drain")).toMatchObject({ status: 200, body: { state: "Scheduled" } });
  expect(await agent.release(run, "drain")).toMatchObject({ status: 200, body: { state: "Scheduled" } });
  const second = await agent.claimOne();
  expect(second).toMatchObject({ runId: run.runId, attempt: 2 });
  await agent.release(second, "retry-later", 60_000);
  expect((await agent.claim()).runs).toEqual([]);
  const { rows } = await door.pool.query(
    `select scheduled_start_time between now() + interval '50 seconds' and now() + interval '60 seconds' as later,
       agent_id, recoveries from flow_runs where id = $1`,
    [run.runId],
  );
  expect(rows).toEqual([{ later: true, agent_id: null, recoveries: 0 }]);
  await door.pool.query(`update flow_runs set scheduled_start_time = now() where id = $1`, [run.runId]);
  const third = await agent.claimOne();
  await agent.reported(third, 1, [flow("Running")]);
  expect(await agent.release(third, "paused")).toMatchObject({ body: { state: "Paused" } });
});

test("a lease that is given back while the run is being cancelled ends it", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [flow("Running"), declare(1)]);
  await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  expect(await agent.release(run, "shutdown")).toMatchObject({ body: { state: "Cancelled" } });
});
