import type { BoundaryClasses, ClaimedRun, StartReply } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registerFlow } from "../flows/register-flow.ts";
import { registration } from "../graphql/testing/graphql-fixture.ts";
import { type DoorFixture, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { flow } from "../run-door/testing/events.ts";
import { planSchedule } from "../schedules/plan-schedule.ts";
import { schedule } from "../schedules/testing/slots.ts";
import { OTHER_SIGNATURE, sealedJson, SIGNATURE } from "../seal-keys/testing/sealed.ts";
import { restartFlowRun } from "./restart-flow-run.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor({ scheduleSeconds: 3600 });
  agent = await door.enrol();
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

const register = (name: string, changes: object = {}) =>
  registerFlow(door.pool, { tenantId: door.tenantId, project: "p", registration: registration(name, changes) });

interface Created {
  readonly flowRun: { readonly id: string; readonly boundary: unknown; readonly parametersSignature: string | null };
  readonly code?: string;
  readonly message?: string;
}

async function create(input: object): Promise<Created> {
  const query = `mutation ($input: CreateFlowRunInput!) { createFlowRun(input: $input) {
    ... on CreateFlowRunPayload { flowRun { id boundary parametersSignature } } ... on Refusal { code message } } }`;
  const { body } = await door.post<{ data: { createFlowRun: Created } }>("/graphql", door.userKey, {
    query,
    variables: { input: { project: "p", ...input } },
  });
  return body.data.createFlowRun;
}

async function claimed(input: object): Promise<ClaimedRun> {
  await create(input);
  return await agent.claimOne();
}

test("an agent is told the strictest of what flow and starter ask, and all that was signed; a restart keeps it", async () => {
  const boundary: BoundaryClasses = { log: "seal", location: "pseudonym" };
  await register("strict", { boundary, signature: SIGNATURE });
  const run = await claimed({
    flow: "strict",
    boundary: { log: "redact", exception: "id-only" },
    signature: OTHER_SIGNATURE,
  });
  const told = {
    boundary: { log: "seal", location: "pseudonym", exception: "id-only" },
    signature: SIGNATURE,
    parametersSignature: OTHER_SIGNATURE,
  };
  expect(run).toMatchObject(told);
  await agent.reported(run, 1, [flow("Running"), flow("Failed")]);
  await restartFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  expect(await agent.claimOne()).toMatchObject({ ...told, attempt: 2 });
});

test("a run of which nothing is asked is claimed without a word of it", async () => {
  await register("plain");
  const run = await claimed({ flow: "plain" });
  for (const field of ["boundary", "signature", "parametersSignature", "schedule", "sealKeys"])
    expect(run).not.toHaveProperty(field);
});

test("GraphQL shows what was asked and signed, of the run and of the version", async () => {
  await register("shown", { boundary: { artifact: "drop" }, signature: SIGNATURE });
  const created = await create({ flow: "shown", boundary: { log: "drop" }, signature: OTHER_SIGNATURE });
  expect(created.flowRun).toMatchObject({ boundary: { log: "drop" }, parametersSignature: OTHER_SIGNATURE });
  const query = `{ flow(project: "p", name: "shown") { currentVersion { boundary signature } } }`;
  const { body } = await door.post("/graphql", door.userKey, { query });
  expect(body).toMatchObject({
    data: { flow: { currentVersion: { boundary: { artifact: "drop" }, signature: SIGNATURE } } },
  });
  await agent.claimOne();
});

test.each([
  ["an action that the class does not take", { boundary: { parameter: "redact" } }, /its parameter/],
  ["a class that nobody may ask about", { boundary: { metadata: "send" } }, /boundary cannot be taken/],
  ["no object", { boundary: ["log"] }, /boundary cannot be taken/],
  ["a signature that is none", { signature: "trust me" }, /is no compact JWS/],
  ["a signature that is too long", { signature: `a.${"b".repeat(70_000)}.c` }, /is too long/],
])("refused with a sentence: %s", async (_what, wish, sentence) => {
  await register("refusing");
  expect(await create({ flow: "refusing", ...wish })).toMatchObject({
    code: "INVALID",
    message: expect.stringMatching(sentence),
  });
});

test("of what a run starts as much is asked as of itself", async () => {
  await register("heir");
  const parent = await claimed({ flow: "heir", boundary: { log: "drop" } });
  await door.post<StartReply>(`/v1/runs/${parent.runId}/starts`, parent.runToken, {
    attempt: parent.attempt,
    flow: "heir",
    idempotencyKey: "k",
  });
  expect(await agent.claimOne()).toMatchObject({ boundary: { log: "drop" } });
});

test("what a run starts carries the agent's signature of its parameters, which may be sealed", async () => {
  await register("child", { parameterDefaults: { top: 5 } });
  const parent = await claimed({ flow: "child" });
  const { body } = await door.post<StartReply>(`/v1/runs/${parent.runId}/starts`, parent.runToken, {
    attempt: parent.attempt,
    flow: "child",
    idempotencyKey: "k",
    parameters: sealedJson("for the child"),
    signature: SIGNATURE,
  });
  expect(await agent.claimOne()).toMatchObject({
    runId: body.runId,
    parameters: sealedJson("for the child"),
    parametersSignature: SIGNATURE,
  });
});

test("a run of a schedule says which, and gets the schedule's sealed parameters alone", async () => {
  const parameters = sealedJson("nightly");
  const nightly = schedule({ everySeconds: 3600 }, { name: "nightly", parameters });
  const schema = { type: "object", properties: { top: { type: "number" } }, required: ["top"] };
  await register("planned", {
    schedules: [nightly],
    parameterSchema: schema,
    parameterDefaults: { top: 5 },
    signature: SIGNATURE,
  });
  const { rows } = await door.pool.query<{ id: string }>("select id from schedules where name = 'nightly'");
  await planSchedule(door.pool, rows[0]?.id ?? "", new Date());
  await door.pool.query("update flow_runs set scheduled_start_time = now() where state = 'Scheduled'");
  const run = await agent.claim({ room: 1 });
  expect(run.runs[0]).toMatchObject({ schedule: "nightly", parameters, signature: SIGNATURE });
  expect(run.runs[0]).not.toHaveProperty("parametersSignature");
});
