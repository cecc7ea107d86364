import { afterAll, beforeAll, expect, test } from "vitest";
import { cancelFlowRun } from "../flow-runs/cancel-flow-run.ts";
import type { RunningCloud } from "../start-cloud.ts";
import { type DoorFixture, startDoor, TestAgent } from "./testing/door-fixture.ts";
import { declare, flow, task } from "./testing/events.ts";

// Two clouds on one database. Their polls are an hour apart, so that only NOTIFY can have carried what one learns of the other.
let door: DoorFixture;
let second: RunningCloud;
let here: TestAgent;
let there: TestAgent;
beforeAll(async () => {
  door = await startDoor({ pollSeconds: 3600 });
  second = await door.replica();
  here = await door.enrol("here");
  there = await TestAgent.enrol(second.url, door.agentKey, "there");
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

const CREATE = `mutation { createFlowRun(input: { project: "p", flow: "f", parameters: {} }) { ... on CreateFlowRunPayload { flowRun { id } } } }`;

test("a run that is created on one wakes a claim that waits on the other", async () => {
  const waiting = there.claim({ waitSeconds: 30 });
  const answer = await door.post<{ data: { createFlowRun: { flowRun: { id: string } } } }>("/graphql", door.userKey, {
    query: CREATE,
  });
  const { id } = answer.body.data.createFlowRun.flowRun;
  expect((await waiting).runs.map(({ runId }) => runId)).toEqual([id]);
});

test("a cancel on one reaches an agent that waits on the other", async () => {
  await door.create();
  const run = await there.claimOne();
  const waiting = there.claim({ room: 0, waitSeconds: 30, holding: [run.runId] });
  await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  expect((await waiting).orders).toEqual([{ runId: run.runId, order: { kind: "cancel" } }]);
  await there.reported(run, 1, [flow("Cancelled")]);
});

test("a lease that is given back on one is claimed on the other", async () => {
  await door.create();
  const run = await here.claimOne();
  const waiting = there.claim({ waitSeconds: 30 });
  await here.release(run, "drain");
  expect((await waiting).runs).toMatchObject([{ runId: run.runId, attempt: 2 }]);
});

test("one run's reports may go to either replica in turn: what each remembers is checked against the database", async () => {
  await door.create();
  const run = await here.claimOne();
  await here.reported(run, 1, [flow("Running")]);
  for (let number = 1; number <= 20; number += 1) {
    const agent = number % 2 === 0 ? here : there;
    // Each moves what the other declared.
    const before = number === 1 ? [] : [task(number - 1, "Success")];
    const first = (await door.run(run.runId)).event_number + 1;
    expect(await agent.reported(run, first, [...before, declare(number)])).toMatchObject({ refused: [] });
  }
});

test("the same batch on both at once is stored once", async () => {
  await door.create();
  const run = await here.claimOne();
  const events = [flow("Running"), declare(1), task(1, "Success"), flow("Success")];
  const replies = await Promise.all([here, there, here, there].map((agent) => agent.report(run, 1, events)));
  expect(replies.map(({ status, body }) => `${status} ${body.accepted}`)).toEqual(Array(4).fill("200 4"));
});

test("an end that went to one is known to the other", async () => {
  await door.create();
  const run = await there.claimOne();
  await there.reported(run, 1, [flow("Running"), declare(1)]);
  await here.reported(run, 3, [task(1, "Failed"), flow("Failed")]);
  expect(await there.report(run, 3, [task(1, "Success")])).toMatchObject({
    status: 200,
    body: { accepted: 3, refused: [] },
  });
  expect(await there.report(run, 5, [task(1, "Success")])).toMatchObject({ status: 409, body: { code: "CONFLICT" } });
});
