import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../run-door/testing/events.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ sweepSeconds: 3600 });
  agent = await door.enrol();
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

async function ask<T>(query: string, variables: object = {}): Promise<T> {
  const { body } = await door.post<{ data: T; errors?: unknown }>("/graphql", door.userKey, { query, variables });
  expect(body.errors).toBeUndefined();
  return body.data;
}

const REFUSAL = `... on Refusal { code message }`;
const APPROVE = `mutation Approve($input: ApproveTaskRunInput!) { result: approveTaskRun(input: $input) {
  ... on ApproveTaskRunPayload { flowRun { state taskRuns { nodes { state approvedAt approvalMessage states { state message } } } } } ${REFUSAL} } }`;

test("a run is paused and resumed, and says so", async () => {
  const id = await door.create();
  const change = (verb: string) =>
    ask(`mutation { result: ${verb}FlowRun(id: "${id}") {
      ... on ${verb[0]?.toUpperCase()}${verb.slice(1)}FlowRunPayload { flowRun { state pauseAsked } } ${REFUSAL} } }`);
  expect(await change("pause")).toEqual({ result: { flowRun: { state: "Paused", pauseAsked: true } } });
  expect(await change("resume")).toEqual({ result: { flowRun: { state: "Resume", pauseAsked: false } } });
  const run = await agent.claimOne();
  expect(await change("pause")).toEqual({ result: { flowRun: { state: "Submitted", pauseAsked: true } } });
  await agent.reported(run, 1, [flow("Failed")]);
  expect(await change("pause")).toMatchObject({ result: { code: "CONFLICT" } });
});

test("a task run is approved with a message, which stands in its history", async () => {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [
    flow("Running"),
    declare(1),
    task(1, "Running"),
    task(1, "Paused", { message: "ok?" }),
  ]);
  await agent.release(run, "paused");
  const input = { flowRunId: run.runId, number: 1, message: "ada: yes" };
  expect(await ask(APPROVE, { input })).toMatchObject({
    result: {
      flowRun: {
        state: "Resume",
        taskRuns: {
          nodes: [
            {
              state: "Resume",
              approvedAt: expect.any(String),
              approvalMessage: "ada: yes",
              states: [{}, {}, { state: "Paused", message: "ok?" }, { state: "Resume", message: "ada: yes" }],
            },
          ],
        },
      },
    },
  });
  expect(await ask(APPROVE, { input })).toMatchObject({ result: { code: "CONFLICT" } });
  expect(await ask(APPROVE, { input: { ...input, message: "x".repeat(20_000) } })).toMatchObject({
    result: { code: "INVALID" },
  });
  await agent.release(await agent.claimOne(), "retry-later", 3_600_000);
});

test("a run tells who started it and what it started", async () => {
  const parentId = await door.create({ name: "parent" });
  const parent = await agent.claimOne();
  const ids: string[] = [];
  for (const name of ["one", "two"]) {
    const body = { attempt: 1, flow: "f", name, idempotencyKey: name };
    const reply = await door.post<{ runId: string }>(`/v1/runs/${parentId}/starts`, parent.runToken, body);
    ids.push(reply.body.runId);
  }
  const query = `{ flowRun(id: "${parentId}") { parent { name } children { nodes { id name parent { name } } } } }`;
  expect(await ask(query)).toEqual({
    flowRun: {
      parent: null,
      children: {
        nodes: [
          { id: ids[1], name: "two", parent: { name: "parent" } },
          { id: ids[0], name: "one", parent: { name: "parent" } },
        ],
      },
    },
  });
  const page = `{ flowRun(id: "${ids[0]}") { children { nodes { id } } } flowRuns(first: 1) { nodes { parent { id } } } }`;
  expect(await ask(page)).toEqual({
    flowRun: { children: { nodes: [] } },
    flowRuns: { nodes: [{ parent: { id: parentId } }] },
  });
});
