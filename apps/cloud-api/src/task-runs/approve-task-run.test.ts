import type { ClaimedRun } from "@weir/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { pauseFlowRun } from "../flow-runs/pause-flow-run.ts";
import { restartFlowRun } from "../flow-runs/restart-flow-run.ts";
import { resumeFlowRun } from "../flow-runs/resume-flow-run.ts";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../run-door/testing/events.ts";
import { sealedText } from "../seal-keys/testing/sealed.ts";
import { approveTaskRun } from "./approve-task-run.ts";

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

const own = (run: ClaimedRun) => ({ tenantId: door.tenantId, id: run.runId });
const approve = (run: ClaimedRun, number = 1, message?: string) =>
  approveTaskRun(door.pool, {
    tenantId: door.tenantId,
    flowRunId: run.runId,
    number,
    ...(message === undefined ? {} : { message }),
  });

/** A run whose task run 1 waits for a person, and whose task run 2 has ended. */
async function begin(): Promise<ClaimedRun> {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Paused"), declare(2), task(2, "Success")]);
  return run;
}

async function taskRun(run: ClaimedRun) {
  const { rows } = await door.pool.query<{ state: string; approved: boolean; message: string | null; detail: unknown }>(
    `select t.state, t.approved_at is not null as approved, t.approval_message as message, s.detail
     from task_runs t join task_run_states s on s.flow_run_id = t.flow_run_id and s.attempt = t.attempt and s.number = t.event_number
     where t.flow_run_id = $1 and t.number = 1`,
    [run.runId],
  );
  return rows[0];
}

test("of a run that waits for it, the task run goes on, and the run can be claimed at once", async () => {
  const run = await begin();
  expect((await agent.release(run, "paused")).body.state).toBe("Paused");
  const waiting = agent.claim({ waitSeconds: 20 });
  expect(await approve(run, 1, "looks good")).toEqual({ state: "Resume" });
  expect((await waiting).runs).toMatchObject([
    { attempt: 2, known: [{ number: 1, state: "Resume", approved: true }, { number: 2 }] },
  ]);
  expect(await taskRun(run)).toEqual({
    state: "Resume",
    approved: true,
    message: "looks good",
    detail: { message: "looks good", by: "cloud" },
  });
  expect((await door.run(run.runId)).history.slice(-4)).toEqual(["Running", "Paused", "Resume", "Submitted"]);
  expect((await door.run(run.runId)).messages).toContain("a person approved task run 1: looks good");
});

test("a sealed reason stands whole in the task run's history; the run's tells only that it was approved", async () => {
  const run = await begin();
  await agent.release(run, "paused");
  const why = sealedText("k", "why");
  await approve(run, 1, why);
  expect(await taskRun(run)).toMatchObject({ message: why, detail: { message: why, by: "cloud" } });
  expect((await door.run(run.runId)).messages.at(-1)).toBe("a person approved task run 1");
});

test("of a run that is held, its engine is told until it says that the task run goes on", async () => {
  const run = await begin();
  const waiting = agent.claim({ room: 0, waitSeconds: 20, holding: [run.runId] });
  expect(await approve(run, 1, "go")).toEqual({ state: "Paused" });
  expect(await approve(run)).toEqual({ state: "Paused" });
  const order = { kind: "approve", numbers: [1] };
  expect((await waiting).orders).toEqual([{ runId: run.runId, order }]);
  expect((await agent.reported(run, 6, [])).orders).toEqual([order]);
  expect((await agent.reported(run, 6, [task(1, "Resume"), task(1, "Running")])).orders).toEqual([]);
  expect(await taskRun(run)).toMatchObject({ state: "Running", approved: true, message: "go" });
});

test("an approval survives the engine that was to hear of it", async () => {
  const run = await begin();
  await approve(run);
  await agent.release(run, "restart");
  const second = await agent.claimOne();
  expect(second.known[0]).toMatchObject({ number: 1, state: "Paused", approved: true });
  await agent.reported(second, 1, [flow("Running"), declare(1)]);
  await agent.release(second, "restart");
  expect((await agent.claimOne()).known[0]).toMatchObject({ number: 1, state: "Pending", approved: true });
});

test("an approval that comes while a later attempt begins is not undone by it", async () => {
  const run = await begin();
  await agent.release(run, "drain");
  const second = await agent.claimOne();
  expect(second.known[0]).not.toHaveProperty("approved");
  await approve(run);
  const { orders } = await agent.reported(second, 1, [flow("Running"), declare(1), task(1, "Paused")]);
  expect(orders).toEqual([{ kind: "approve", numbers: [1] }]);
});

test("who pauses again is to be asked again, and so is who is restarted", async () => {
  const run = await begin();
  await approve(run);
  await agent.reported(run, 6, [task(1, "Resume"), task(1, "Running"), task(1, "Paused")]);
  expect(await taskRun(run)).toMatchObject({ state: "Paused", approved: false, message: null });
  await approve(run);
  await agent.reported(run, 9, [task(1, "Resume"), task(1, "Running"), task(1, "Failed"), flow("Failed")]);
  await restartFlowRun(door.pool, own(run));
  expect((await agent.claimOne()).known[0]).not.toHaveProperty("approved");
});

test("a release at the same moment as the approval ends with the run claimable, whoever comes first", async () => {
  for (let round = 0; round < 20; round += 1) {
    const run = await begin();
    const early = round % 2 === 0 ? approve(run) : null;
    await Promise.all([agent.release(run, "paused"), early ?? approve(run)]);
    expect(["Scheduled", "Resume"]).toContain((await door.run(run.runId)).state);
    const again = await agent.claimOne();
    expect(again).toMatchObject({ runId: run.runId, known: [{ approved: true }, {}] });
    await agent.reported(again, 1, [flow("Running"), flow("Success")]);
  }
});

test("a run that waits for its time goes on at once when one of its task runs is approved", async () => {
  const run = await begin();
  await agent.release(run, "retry-later", 3_600_000);
  expect((await agent.claim()).runs).toEqual([]);
  await approve(run);
  expect(await agent.claimOne()).toMatchObject({ runId: run.runId, attempt: 2 });
});

test("a run that a person paused keeps the approval, and goes on when that person says so", async () => {
  const run = await begin();
  await agent.release(run, "paused");
  await pauseFlowRun(door.pool, own(run));
  await approve(run);
  expect(await taskRun(run)).toMatchObject({ state: "Resume", approved: true });
  expect((await agent.claim()).runs).toEqual([]);
  await resumeFlowRun(door.pool, own(run));
  expect((await agent.claimOne()).known[0]).toMatchObject({ state: "Resume", approved: true });
});

test("what cannot be approved is refused with a sentence", async () => {
  const run = await begin();
  const refused = async (asked: Promise<unknown>) =>
    await asked.then(
      () => "done",
      ({ code, message }: { code: string; message: string }) => `${code}: ${message.replaceAll(run.runId, "R")}`,
    );
  const foreign = { tenantId: await makeTenant(door.pool), flowRunId: run.runId, number: 1 };
  expect(await refused(approveTaskRun(door.pool, foreign))).toMatch(/^NOT_FOUND: There is no flow run R/);
  expect(await refused(approve(run, 7))).toMatch(/^NOT_FOUND: Task run 7 of flow run R does not exist/);
  expect(await refused(approve(run, 2))).toBe(
    "CONFLICT: Task run 2 of flow run R is Success, not Paused; it waits for nobody's approval.",
  );
  await agent.reported(run, 6, [flow("Failed")]);
  expect(await refused(approve(run))).toBe(
    "CONFLICT: Task run 1 of flow run R cannot be approved any more: the flow run is over (Failed).",
  );
});
