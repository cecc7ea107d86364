import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, log, task } from "../run-door/testing/events.ts";
import { cancelFlowRun } from "./cancel-flow-run.ts";
import { restartFlowRun } from "./restart-flow-run.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

const restart = (id: string) => restartFlowRun(door.pool, { tenantId: door.tenantId, id });

test("a restart puts what failed and what came after it back to Pending; the rest keeps its results", async () => {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [
    flow("Running"),
    declare(1, { task: "load", key: "k", tags: ["db"] }),
    task(1, "Running", { tryNumber: 1 }),
    task(1, "Success", { location: "file:/1", resultBytes: 3 }),
    declare(2, { task: "clean", upstream: [1] }),
    task(2, "Running", { tryNumber: 1 }),
    task(2, "Failed", { failure: { name: "Error", message: "no" } }),
    declare(3, { task: "report", upstream: [2] }),
    task(3, "TriggerFailed"),
    flow("Failed"),
  ]);
  expect(await restart(run.runId)).toEqual({ state: "Scheduled" });
  const { rows } = await door.pool.query(
    `select number, state::text, attempt, event_number, try_number, started_at, ended_at, location, tags, upstream, key from task_runs
     where flow_run_id = $1 order by number`,
    [run.runId],
  );
  const again = { state: "Pending", attempt: 1, try_number: 0, started_at: null, ended_at: null, location: null };
  expect(rows).toMatchObject([
    { number: 1, state: "Success", location: "file:/1", tags: ["db"], key: "k" },
    { number: 2, ...again, event_number: 11, upstream: [1] },
    { number: 3, ...again, event_number: 12, upstream: [2] },
  ]);
  expect(await door.run(run.runId)).toMatchObject({ state: "Scheduled", attempt: 1, event_number: 12, recoveries: 0 });
  const second = await agent.claimOne();
  expect(second).toMatchObject({
    attempt: 2,
    known: [{ state: "Success" }, { state: "Pending" }, { state: "Pending" }],
  });
  const reply = await agent.reported(second, 1, [
    flow("Running"),
    declare(2, { task: "clean", upstream: [1] }),
    task(2, "Running"),
    task(2, "Success"),
    // A task run that a restart made Pending may also go on without being declared again.
    task(3, "Running"),
    task(3, "Success"),
    flow("Success"),
  ]);
  expect(reply).toMatchObject({ accepted: 7, refused: [] });
});

test("the attempt that ended cannot add to a run that was restarted", async () => {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Failed"), flow("Failed")]);
  await restart(run.runId);
  expect(await agent.report(run, 5, [log("late")])).toMatchObject({ status: 409, body: { code: "STALE_ATTEMPT" } });
  expect(await agent.claimOne()).toMatchObject({ attempt: 2 });
});

test("a cancelled run goes on where it was; the history is whole", async () => {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Success"), declare(2), task(2, "Running")]);
  await agent.release(run, "drain");
  await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  await restart(run.runId);
  expect(await agent.claimOne()).toMatchObject({ attempt: 2, known: [{ state: "Success" }, { state: "Pending" }] });
  expect((await door.run(run.runId)).history).toEqual(
    "Scheduled Submitted Running Scheduled Cancelled Scheduled Submitted".split(" "),
  );
});

test("a run that still goes, and one that succeeded, are refused with a sentence", async () => {
  const id = await door.create();
  await expect(restart(id)).rejects.toMatchObject({
    code: "NOT_FINISHED",
    message: expect.stringContaining("is Scheduled"),
  });
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), flow("Success")]);
  await expect(restart(id)).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("nothing to restart"),
  });
  await expect(restart(door.tenantId)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("eight restarts at once begin one attempt", async () => {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Failed"), flow("Failed")]);
  const restarts = await Promise.allSettled(Array.from({ length: 8 }, () => restart(run.runId)));
  expect(restarts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await door.run(run.runId)).history.filter((state) => state === "Scheduled")).toHaveLength(2);
  await agent.claimOne();
});
