import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../../run-door/testing/events.ts";
import { cancelFlowRun } from "../cancel-flow-run.ts";
import { pauseFlowRun } from "../pause-flow-run.ts";
import { setRunLimit } from "../../run-limits/set-run-limit.ts";
import { setTaskLimit } from "../../task-limits/set-task-limit.ts";
import { pauseQueue, resumeQueue } from "../../queue/pause-queue.ts";
import { readWaiting } from "./read-waiting.ts";

// From facts in the database to the answer over HTTP. Which facts lead to which answer stands in decide-waiting.test.ts.

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 3600 });
});
beforeEach(async () => {
  await door.pool.query(`delete from run_limits; delete from task_limits`);
});
afterAll(() => door.stop());

interface Told {
  readonly reason: string;
  readonly sentence: string;
  readonly command: string | null;
  readonly agents: object[];
}

async function why(id: string): Promise<Told | null> {
  const query = `query ($id: ID!) { flowRun(id: $id) { waiting { reason sentence command until pause { by reason }
    agents { name online missingLabels servesProject held capacity pausedBy }
    limits { label slots held holders { flowRunId flowRunName agent } }
    taskSlots { tag slots held waiting } approvals { taskRunNumber task message } } } }`;
  const { body } = await door.post<{ data: { flowRun: { waiting: Told | null } }; errors?: unknown }>(
    "/graphql",
    door.userKey,
    { query, variables: { id } },
  );
  expect(body.errors).toBeUndefined();
  return body.data.flowRun.waiting;
}

const cancel = (id: string) => cancelFlowRun(door.pool, { tenantId: door.tenantId, id });

test("there is no agent; then one that lacks a label; then one of another project; then a silent one", async () => {
  const id = await door.create({ labels: ["gpu"] });
  expect(await why(id)).toMatchObject({ reason: "NO_AGENT", command: "weir agent start --label gpu --project p" });
  agent = await door.enrol("mill");
  const near = { name: "mill", online: true, missingLabels: ["gpu"], servesProject: true, held: 0, capacity: 10 };
  expect(await why(id)).toMatchObject({ reason: "NO_MATCHING_AGENT", agents: [near] });
  await door.pool.query(`update agents set labels = '{gpu}', projects = '{elsewhere}'`);
  expect(await why(id)).toMatchObject({
    reason: "NO_MATCHING_AGENT",
    agents: [{ missingLabels: [], servesProject: false }],
  });
  await door.pool.query(`update agents set projects = '{p}', last_seen_at = now() - interval '10 minutes'`);
  expect(await why(id)).toMatchObject({
    reason: "AGENTS_OFFLINE",
    sentence: expect.stringContaining("mill last heard 10 min ago"),
  });
  await door.pool.query(
    `update agents set projects = null, last_seen_at = now(), paused_at = now(), paused_by = 'ada'`,
  );
  expect(await why(id)).toMatchObject({ reason: "AGENTS_PAUSED", agents: [{ pausedBy: "ada" }] });
  await door.pool.query(`update agents set paused_at = null, paused_by = null`);
  expect(await why(id)).toMatchObject({ reason: "CLAIMABLE" });
  await cancel(id);
  expect(await why(id)).toBeNull();
});

test("what an agent claims with is what is known of it: its labels and its projects", async () => {
  await agent.claim({ labels: ["fpga"], projects: ["q"] });
  const id = await door.create({ labels: ["fpga"] });
  await expect
    .poll(() => why(id), { timeout: 5_000 })
    .toMatchObject({ reason: "NO_MATCHING_AGENT", agents: [{ missingLabels: [], servesProject: false }] });
  await cancel(id);
  await door.pool.query(`update agents set labels = '{}', projects = null`);
});

test("the tenant's queue is paused, and its time has not come", async () => {
  const [due, later] = [
    await door.create(),
    await door.create({ scheduledStartTime: new Date(Date.now() + 3_600_000) }),
  ];
  await pauseQueue(door.pool, { tenantId: door.tenantId, by: "ada@example.com", reason: "disk" });
  expect(await why(due)).toMatchObject({ reason: "QUEUE_PAUSED", pause: { by: "ada@example.com", reason: "disk" } });
  expect(await why(later)).toMatchObject({ reason: "SCHEDULED" });
  await resumeQueue(door.pool, door.tenantId);
  await Promise.all([due, later].map(cancel));
});

test("the limit of a label is full, and who holds it; then the agents are", async () => {
  await setRunLimit(door.pool, { tenantId: door.tenantId, label: "big", slots: 1 });
  const first = await door.create({ name: "holder", labels: ["big"] });
  await agent.claimOne({ labels: ["big"] });
  await door.pool.query(`update agents set labels = '{big}', projects = null, capacity = 1`);
  const second = await door.create({ labels: ["big"] });
  expect(await why(second)).toMatchObject({
    reason: "LIMIT_FULL",
    sentence: "The limit of the label big is full (1 of 1): held by holder.",
    limits: [
      { label: "big", slots: 1, held: 1, holders: [{ flowRunId: first, flowRunName: "holder", agent: "mill" }] },
    ],
  });
  await setRunLimit(door.pool, { tenantId: door.tenantId, label: "big", slots: 2 });
  expect(await why(second)).toMatchObject({ reason: "AGENTS_FULL", agents: [{ name: "mill", held: 1, capacity: 1 }] });
  expect(await why(first)).toMatchObject({
    reason: "SUBMITTED",
    sentence: expect.stringContaining("Agent mill holds it"),
  });
  await cancel(second);
  await cancel(first);
  expect(await why(first)).toMatchObject({ reason: "CANCELLING" });
  await door.pool.query(`update agents set labels = '{}', capacity = 10`);
});

test("a task run waits for an approval; its run for a person; another for a slot", async () => {
  const id = await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [
    flow("Running"),
    declare(1, { task: "check" }),
    task(1, "Paused", { message: "well?" }),
  ]);
  expect(await why(id)).toBeNull();
  await agent.release(run, "paused");
  expect(await why(id)).toMatchObject({
    reason: "AWAITS_APPROVAL",
    command: `weir runs approve ${id} 1`,
    approvals: [{ taskRunNumber: 1, task: "check", message: "well?" }],
  });
  await pauseFlowRun(door.pool, { tenantId: door.tenantId, id });
  expect(await why(id)).toMatchObject({ reason: "PAUSED", command: `weir runs resume ${id}` });
  await cancel(id);
  await setTaskLimit(door.pool, { tenantId: door.tenantId, tag: "db", slots: 0 });
  await door.create();
  const slow = await agent.claimOne();
  await agent.reported(slow, 1, [flow("Running"), declare(1), task(1, "Queued")]);
  await door.post(`/v1/runs/${slow.runId}/slots`, slow.runToken, { attempt: 1, tasks: [{ number: 1, tags: ["db"] }] });
  expect(await why(slow.runId)).toMatchObject({
    reason: "TASK_SLOT",
    taskSlots: [{ tag: "db", slots: 0, held: 0, waiting: 1 }],
  });
});

test("a slot that another run holds is told as held", async () => {
  await setTaskLimit(door.pool, { tenantId: door.tenantId, tag: "tape", slots: 1 });
  const ask = async () => {
    await door.create();
    const run = await agent.claimOne();
    await agent.reported(run, 1, [flow("Running"), declare(1), task(1, "Queued")]);
    const slots = { attempt: 1, tasks: [{ number: 1, tags: ["tape"] }] };
    await door.post(`/v1/runs/${run.runId}/slots`, run.runToken, slots);
    return run.runId;
  };
  const [, second] = [await ask(), await ask()];
  expect(await why(second)).toMatchObject({
    reason: "TASK_SLOT",
    taskSlots: [{ tag: "tape", slots: 1, held: 1, waiting: 1 }],
  });
});

test("a list asks one statement for all of its runs", async () => {
  const ids = [await door.create({ labels: ["x"] }), await door.create({ labels: ["y"] }), await door.create()];
  const waiting = await readWaiting(door.pool, door.tenantId, ids);
  expect(ids.map((id) => waiting.get(id)?.reason)).toEqual(["NO_MATCHING_AGENT", "NO_MATCHING_AGENT", "CLAIMABLE"]);
  expect(waiting.get(ids[1] ?? "")?.agents).toMatchObject([{ missingLabels: ["y"] }]);
  expect(await readWaiting(door.pool, await makeTenant(door.pool), ids)).toEqual(new Map());
  const query = `{ flowRuns(first: 3) { nodes { waiting { reason } } } }`;
  const { body } = await door.post<{ data: unknown }>("/graphql", door.userKey, { query });
  expect(body.data).toEqual({
    flowRuns: {
      nodes: [
        { waiting: { reason: "CLAIMABLE" } },
        { waiting: { reason: "NO_MATCHING_AGENT" } },
        { waiting: { reason: "NO_MATCHING_AGENT" } },
      ],
    },
  });
  await Promise.all(ids.map(cancel));
});
