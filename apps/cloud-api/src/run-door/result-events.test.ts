import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor, type TestAgent } from "./testing/door-fixture.ts";
import { declare, flow, result, task } from "./testing/events.ts";

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

async function claimNew() {
  await door.create();
  return await agent.claimOne();
}

async function taskRun(runId: string, number: number) {
  const { rows } = await door.pool.query(
    `select state, event_number as event, location, result_bytes::int as bytes, ended_at is not null as ended, tags
     from task_runs where flow_run_id = $1 and number = $2`,
    [runId, number],
  );
  return rows[0] as Record<string, unknown>;
}

test("a result that is written after its task run ended is added to it, and told in its history", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [
    flow("Running"),
    declare(1, { tags: ["db"] }),
    task(1, "Running"),
    task(1, "Success", { message: "done" }),
  ]);
  const before = await taskRun(run.runId, 1);
  const { accepted, refused } = await agent.reported(run, 5, [result(1, "file:/results/1")]);
  expect([accepted, refused]).toEqual([5, []]);
  expect(before).toMatchObject({ location: null, bytes: null, ended: true });
  expect(await taskRun(run.runId, 1)).toEqual({ ...before, event: 5, location: "file:/results/1", bytes: 12 });
  const { rows } = await door.pool.query(
    `select state, detail from task_run_states where flow_run_id = $1 and number = 5`,
    [run.runId],
  );
  expect(rows).toEqual([
    { state: "Success", detail: { message: "its result was written: another task run needs it", written: true } },
  ]);
});

test("a result may come in the batch that ends its task run, and in a later attempt", async () => {
  const run = await claimNew();
  await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Success"), result(1, "a"), declare(2)]);
  expect(await taskRun(run.runId, 1)).toMatchObject({ state: "Success", location: "a", ended: true });
  await agent.release(run, "drain");
  const next = await agent.claimOne();
  expect(next.known.map(({ location }) => location)).toEqual(["a", undefined]);
  await agent.reported(next, 1, [flow("Running"), result(1, "b")]);
  expect(await taskRun(run.runId, 1)).toMatchObject({ state: "Success", event: 2, location: "b", ended: true });
});

test("a result of a task run that has none is refused, and changes nothing", async () => {
  const run = await claimNew();
  const reply = await agent.reported(run, 1, [
    flow("Running"),
    declare(1),
    task(1, "Running"),
    result(1, "a"),
    result(9, "a"),
  ]);
  expect(reply.accepted).toBe(5);
  expect(reply.refused).toEqual([
    { number: 4, reason: "task run 1 is Running; only one that succeeded has a result" },
    { number: 5, reason: "task run 9 was never declared in this flow run; only one that succeeded has a result" },
  ]);
  expect(await taskRun(run.runId, 1)).toMatchObject({ state: "Running", location: null });
});
