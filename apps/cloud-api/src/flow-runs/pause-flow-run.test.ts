import type { ClaimedRun } from "@weir/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../run-door/testing/events.ts";
import { cancelFlowRun } from "./cancel-flow-run.ts";
import { pauseFlowRun } from "./pause-flow-run.ts";
import { restartFlowRun } from "./restart-flow-run.ts";
import { resumeFlowRun } from "./resume-flow-run.ts";
import { sweepFlowRuns } from "./sweep-flow-runs.ts";

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

const pause = (id: string) => pauseFlowRun(door.pool, { tenantId: door.tenantId, id });
const resume = (id: string) => resumeFlowRun(door.pool, { tenantId: door.tenantId, id });

async function begin(): Promise<ClaimedRun> {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Running")]);
  return run;
}

async function refusal(asked: Promise<unknown>): Promise<string> {
  return await asked.then(
    () => "done",
    ({ code, message }: { code: string; message: string }) => `${code}: ${message.replaceAll(/[0-9a-f-]{36}/g, "R")}`,
  );
}

test("a run that waits is paused at once, and claimed by nobody until it may go on", async () => {
  const id = await door.create();
  expect(await pause(id)).toEqual({ state: "Paused" });
  expect(await pause(id)).toEqual({ state: "Paused" });
  expect((await agent.claim()).runs).toEqual([]);
  const waiting = agent.claim({ waitSeconds: 20 });
  expect(await resume(id)).toEqual({ state: "Resume" });
  expect((await waiting).runs).toMatchObject([{ runId: id }]);
  expect((await door.run(id)).history).toEqual(["Scheduled", "Paused", "Resume", "Submitted"]);
});

test("a run that was to start later still does, when it may go on before", async () => {
  const id = await door.create({ scheduledStartTime: new Date(Date.now() + 3_600_000) });
  await pause(id);
  await resume(id);
  expect((await agent.claim()).runs).toEqual([]);
  expect((await door.run(id)).state).toBe("Resume");
});

test("the holder of a run is told to pause, at once and with each report, and gives it back", async () => {
  const run = await begin();
  const waiting = agent.claim({ room: 0, waitSeconds: 20, holding: [run.runId] });
  expect(await pause(run.runId)).toEqual({ state: "Running" });
  expect((await waiting).orders).toEqual([{ runId: run.runId, order: { kind: "pause" } }]);
  expect((await agent.reported(run, 4, [])).orders).toEqual([{ kind: "pause" }]);
  expect((await agent.reported(run, 4, [task(1, "Success")])).orders).toEqual([{ kind: "pause" }]);
  expect((await agent.release(run, "paused")).body.state).toBe("Paused");
  expect((await door.run(run.runId)).messages.at(-1)).toBe("a person or program asked to pause it");
  expect((await agent.claim()).runs).toEqual([]);
  await resume(run.runId);
  const again = await agent.claimOne();
  expect((await agent.reported(again, 1, [flow("Running")])).orders).toEqual([]);
});

test("the wish to pause outlives an agent that falls silent or gives the run back for another reason", async () => {
  const silent = await begin();
  await pause(silent.runId);
  await door.pool.query(`update flow_runs set lease_expires_at = now() - interval '1 s' where id = $1`, [silent.runId]);
  await sweepFlowRuns(door.pool, { leaseSeconds: 1, maxRecoveries: 9, recoveryBackoffSeconds: 0 }, () => undefined);
  expect((await door.run(silent.runId)).history.slice(-2)).toEqual(["Scheduled", "Paused"]);
  const drained = await begin();
  await pause(drained.runId);
  expect((await agent.release(drained, "drain")).body.state).toBe("Paused");
  expect((await agent.claim()).runs).toEqual([]);
});

test("a run that is given back before it began is paused too", async () => {
  const id = await door.create();
  const run = await agent.claimOne();
  await pause(id);
  expect((await agent.release(run, "paused")).body.state).toBe("Paused");
  expect((await door.run(id)).history).toEqual(["Scheduled", "Submitted", "Scheduled", "Paused"]);
});

test("a pause that is taken back before it was carried out: its holder hears of it, or the run is due again at once", async () => {
  const run = await begin();
  await pause(run.runId);
  expect(await resume(run.runId)).toEqual({ state: "Running" });
  expect(await resume(run.runId)).toEqual({ state: "Running" });
  expect((await agent.reported(run, 4, [])).orders).toEqual([{ kind: "resume" }]);
  expect((await agent.release(run, "paused")).body.state).toBe("Scheduled");
  const again = await agent.claimOne();
  expect((await agent.reported(again, 1, [flow("Running")])).orders).toEqual([]);
  expect((await agent.release(again, "paused")).body.state).toBe("Paused");
});

test("a release and the wish at the same moment leave the run as the wish says", async () => {
  for (let round = 0; round < 10; round += 1) {
    const run = await begin();
    const early = round % 2 === 0 ? pause(run.runId) : null;
    await Promise.all([agent.release(run, "drain"), early ?? pause(run.runId)]);
    expect((await door.run(run.runId)).state).toBe("Paused");
    const back = resume(run.runId);
    await Promise.all([back, pause(run.runId).catch(() => undefined)]);
  }
});

test("a run that is paused can be cancelled, and one that is restarted after that is not paused any more", async () => {
  const run = await begin();
  await pause(run.runId);
  await agent.release(run, "paused");
  const id = run.runId;
  expect(await cancelFlowRun(door.pool, { tenantId: door.tenantId, id })).toEqual({ state: "Cancelled" });
  await restartFlowRun(door.pool, { tenantId: door.tenantId, id });
  const again = await agent.claimOne();
  expect((await agent.reported(again, 1, [flow("Running")])).orders).toEqual([]);
});

test("what cannot be paused or resumed is refused with a sentence", async () => {
  const run = await begin();
  expect(await refusal(resume(run.runId))).toBe(
    "CONFLICT: Flow run R is Running, and nobody asked to pause it; there is nothing to resume.",
  );
  await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  expect(await refusal(pause(run.runId))).toBe(
    "CONFLICT: Flow run R is being cancelled; it cannot be paused any more.",
  );
  await agent.reported(run, 4, [flow("Cancelled")]);
  expect(await refusal(pause(run.runId))).toBe("CONFLICT: Flow run R is over (Cancelled); there is nothing to pause.");
  expect(await refusal(resume(run.runId))).toMatch(/^CONFLICT: Flow run R is Cancelled, and only a paused run/);
  const over = await begin();
  await pause(over.runId);
  await resume(over.runId);
  await agent.reported(over, 4, [flow("Success")]);
  expect(await refusal(resume(over.runId))).toMatch(/^CONFLICT: Flow run R is Success/);
});
