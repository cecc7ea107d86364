import { LIMITS, makeId, SEALED_TEXT } from "@weir/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, log, task } from "../run-door/testing/events.ts";
import { setTaskLimit } from "../task-limits/set-task-limit.ts";
import { pauseFlowRun } from "./pause-flow-run.ts";
import { setStateByHand } from "./set-state-by-hand.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 3600 });
  agent = await door.enrol();
});
afterEach(async () => {
  expect(await door.violations()).toEqual([]);
});
afterAll(() => door.stop());

async function set(id: string, state: string, reason = "it hangs"): Promise<unknown> {
  const query = `mutation ($input: SetFlowRunStateInput!) { result: setFlowRunState(input: $input) {
    ... on SetFlowRunStatePayload { flowRun { state message } } ... on Refusal { code message } } }`;
  const { body } = await door.post<{ data: { result: unknown }; errors?: unknown }>("/graphql", door.userKey, {
    query,
    variables: { input: { id, state, reason } },
  });
  expect(body.errors).toBeUndefined();
  return body.data.result;
}

test.each(["Success", "Failed", "Cancelled"])(
  "a run that is held becomes %s at once, and its runner is told to stop",
  async (state) => {
    await door.create();
    const run = await agent.claimOne();
    await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Running"), declare(2), task(2, "Success")]);
    expect(await set(run.runId, state)).toEqual({
      flowRun: { state, message: `key user set it to ${state}: it hangs` },
    });
    const { rows } = await door.pool.query<{ number: number; state: string }>(
      `select number, state from task_runs where flow_run_id = $1 order by number`,
      [run.runId],
    );
    expect(rows.map((row) => row.state)).toEqual([state === "Failed" ? "Failed" : "Cancelled", "Success"]);
    // A heartbeat, and an event whose number the end took: both are of a runner that must stop.
    const told = { status: 200, body: { orders: [{ kind: "cancel" }] } };
    expect(await agent.report(run, 6, [])).toMatchObject(told);
    expect(await agent.report(run, 6, [log("still here")])).toMatchObject(told);
    expect(await agent.report(run, 6, [log("x"), log("y"), flow("Success")])).toMatchObject({ status: 409 });
    expect(await door.run(run.runId)).toMatchObject({ state });
  },
);

test("a runner that had nothing unfinished is told with its next heartbeat, too", async () => {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running")]);
  await set(run.runId, "Failed");
  expect(await agent.report(run, 2, [])).toMatchObject({ status: 200, body: { orders: [{ kind: "cancel" }] } });
  expect(await agent.report(run, 2, [log("x")])).toMatchObject({ status: 409, body: { code: "CONFLICT" } });
});

test("the report that ended a run may come again", async () => {
  await door.create();
  const run = await agent.claimOne();
  const end = [flow("Running"), flow("Success")];
  await agent.reported(run, 1, end);
  expect(await agent.reported(run, 1, end)).toMatchObject({ accepted: 2, orders: [] });
});

test("what is legal is told by the state it is in, and what is over is final", async () => {
  const id = await door.create();
  expect(await set(id, "Success")).toEqual({
    code: "CONFLICT",
    message: `Flow run ${id} is Scheduled; by hand it can become Failed or Cancelled, but not Success.`,
  });
  await pauseFlowRun(door.pool, { tenantId: door.tenantId, id });
  expect(await set(id, "Failed")).toMatchObject({ message: expect.stringContaining("can become Cancelled, but") });
  expect(await set(id, "Cancelled")).toMatchObject({ flowRun: { state: "Cancelled" } });
  expect(await set(id, "Failed")).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("that is final"),
  });
  expect(await set(id, "Failed", " ")).toMatchObject({ code: "INVALID" });
  expect(await set(id, "Failed", "x".repeat(LIMITS.messageBytes + 1))).toMatchObject({ code: "INVALID" });
  expect(await set("nothing", "Failed")).toMatchObject({ code: "NOT_FOUND" });
  expect(await set(makeId(), "Failed")).toMatchObject({ code: "NOT_FOUND" });
});

test("a run of another tenant is not there", async () => {
  const id = await door.create();
  const tenantId = await makeTenant(door.pool);
  const by = { state: "Failed", reason: "spite", by: "mallory" } as const;
  await expect(setStateByHand(door.pool, { tenantId, id, ...by })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await door.run(id)).toMatchObject({ state: "Scheduled" });
  await set(id, "Cancelled");
});

test("Cancelled takes along the runs that it started; the others leave them", async () => {
  for (const [state, child] of [
    ["Failed", "Scheduled"],
    ["Cancelled", "Cancelled"],
  ] as const) {
    const id = await door.create();
    const below = await door.create();
    await door.pool.query(`update flow_runs set parent_run_id = $1 where id = $2`, [id, below]);
    await set(id, state);
    expect(await door.run(below)).toMatchObject({ state: child });
    if (child === "Scheduled") await set(below, "Cancelled");
  }
});

test("slots that it held are granted to who waits", async () => {
  await setTaskLimit(door.pool, { tenantId: door.tenantId, tag: "db", slots: 1 });
  await door.create();
  await door.create();
  const { runs } = await agent.claim({ room: 2 });
  for (const run of runs) {
    await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Queued")]);
    await door.post(`/v1/runs/${run.runId}/slots`, run.runToken, { attempt: 1, tasks: [{ number: 1, tags: ["db"] }] });
  }
  await set(runs[0]?.runId ?? "", "Failed");
  const { rows } = await door.pool.query(`select flow_run_id from task_slots where granted_at is not null`);
  expect(rows).toEqual([{ flow_run_id: runs[1]?.runId }]);
  await set(runs[1]?.runId ?? "", "Failed");
});

test("what is sealed of a reason stands whole, so that it can be opened", async () => {
  const id = await door.create();
  const sealed = `${SEALED_TEXT}abc`;
  await set(id, "Cancelled", sealed);
  expect((await door.run(id)).messages.at(-1)).toBe(sealed);
});
