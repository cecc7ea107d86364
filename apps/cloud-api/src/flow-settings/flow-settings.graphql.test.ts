import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { sweepFlowRuns } from "../flow-runs/sweep-flow-runs.ts";
import { schedulePlanner } from "../loops/schedule-planner.ts";
import { schedule } from "../schedules/testing/slots.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const SET = `mutation ($input: SetFlowSettingsInput!) { result: setFlowSettings(input: $input) { ... on Refusal { code message }
  ... on SetFlowSettingsPayload { flow { description settings { description parameterDefaults labels maxRecoveries recoveryBackoffSeconds } } } } }`;
const REGISTER = `mutation ($r: JSON!) { registerFlow(input: { project: "default", registration: $r }) { ... on Refusal { message } } }`;
const SCHEMA = { type: "object", properties: { top: { type: "integer" }, day: { type: "string" } }, required: ["top"] };

const set = async (flow: string, patch: object, who = tenant) =>
  (await cloud.ask<{ result: object }>(who, SET, { input: { project: "default", flow, ...patch } })).result;
const register = (flow: string, changes: object = {}) =>
  cloud.ask(tenant, REGISTER, { r: registration(flow, changes) });

async function newRun(flow: string, input: object = {}) {
  const create = `mutation ($input: CreateFlowRunInput!) { createFlowRun(input: $input) {
    ... on CreateFlowRunPayload { flowRun { parameters labels } } ... on Refusal { code message } } }`;
  const { createFlowRun } = await cloud.ask<{ createFlowRun: { flowRun?: object; code?: string } }>(tenant, create, {
    input: { project: "default", flow, ...input },
  });
  return createFlowRun.flowRun ?? createFlowRun;
}

test("settings go before the version's own, are gone before by what is given, and survive the next version", async () => {
  const defaults = { parameterSchema: SCHEMA, parameterDefaults: { top: 5, day: "today" }, labels: ["code"] };
  await register("set", { ...defaults, description: "of the code" });
  expect(await set("set", { description: "of people", parameterDefaults: { top: 9 }, labels: ["people"] })).toEqual({
    flow: {
      description: "of people",
      settings: {
        description: "of people",
        parameterDefaults: { top: 9 },
        labels: ["people"],
        maxRecoveries: null,
        recoveryBackoffSeconds: null,
      },
    },
  });
  expect(await newRun("set")).toEqual({ parameters: { top: 9, day: "today" }, labels: ["people"] });
  expect(await newRun("set", { parameters: { top: 1 }, labels: ["run"] })).toEqual({
    parameters: { top: 1, day: "today" },
    labels: ["run"],
  });
  await register("set", { ...defaults, description: "two", labels: ["other"] });
  expect(await newRun("set")).toMatchObject({ parameters: { top: 9, day: "today" }, labels: ["people"] });
});

test("what is absent stays, null gives it back, and an empty list of labels is one", async () => {
  await register("patched", { labels: ["code"], description: "of the code" });
  await set("patched", { description: "mine", labels: [], maxRecoveries: 3 });
  expect(await newRun("patched")).toMatchObject({ labels: [] });
  expect(await set("patched", { description: null, recoveryBackoffSeconds: 0.5 })).toMatchObject({
    flow: {
      description: "of the code",
      settings: { description: null, labels: [], maxRecoveries: 3, recoveryBackoffSeconds: 0.5 },
    },
  });
  await set("patched", { labels: null });
  expect(await newRun("patched")).toMatchObject({ labels: ["code"] });
});

test("runs that a schedule made ahead have what was set since, and a schedule's own parameters go before", async () => {
  const schedules = [
    schedule({ everySeconds: 3_600 }, { name: "plain" }),
    schedule({ everySeconds: 3_600 }, { name: "own", parameters: { top: 1 }, labels: ["own"] }),
  ];
  await register("planned", { parameterSchema: SCHEMA, parameterDefaults: { top: 5 }, schedules });
  const planner = schedulePlanner({
    pool: cloud.database.pool,
    seconds: 1,
    log: cloud.deps.log,
    now: () => new Date(),
  });
  await planner.tick();
  await set("planned", { parameterDefaults: { top: 9, day: "x" }, labels: ["people"] });
  await planner.tick();
  const query = `{ flowRuns(filter: { flow: "planned" }) { nodes { schedule { name } parameters labels } } }`;
  const { flowRuns } = await cloud.ask<{ flowRuns: { nodes: object[] } }>(tenant, query);
  expect(new Set(flowRuns.nodes.map((run) => JSON.stringify(run)))).toEqual(
    new Set([
      JSON.stringify({ schedule: { name: "plain" }, parameters: { day: "x", top: 9 }, labels: ["people"] }),
      JSON.stringify({ schedule: { name: "own" }, parameters: { day: "x", top: 1 }, labels: ["own"] }),
    ]),
  );
});

test("a run of a flow that may not be recovered fails when its agent falls silent", async () => {
  const run = await createRun(cloud, tenant, "fragile");
  await set("fragile", { maxRecoveries: 0 });
  const agent = await enrolAgent(cloud, tenant);
  expect(await agent.claim()).toContain(run);
  const { pool } = cloud.database;
  await pool.query(`update flow_runs set lease_expires_at = now() - interval '1 second' where id = $1`, [run]);
  const rules = { leaseSeconds: 45, maxRecoveries: 5, recoveryBackoffSeconds: 1 };
  expect(await sweepFlowRuns(pool, rules, (_id, error) => expect(error).toBeUndefined())).toBe(1);
  expect(await cloud.ask(tenant, `{ flowRun(id: "${run}") { state message } }`)).toMatchObject({
    flowRun: { state: "Failed", message: expect.stringContaining("after 0 recoveries") },
  });
});

const SIGNATURE = `${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`;

test("a signed version takes no defaults but its own, also when it came after them", async () => {
  const own = { parameterSchema: SCHEMA, parameterDefaults: { top: 5 } };
  await register("signed", own);
  await set("signed", { parameterDefaults: { top: 9 }, labels: ["people"] });
  await register("signed", { ...own, signature: SIGNATURE, description: "signed" });
  expect(await newRun("signed")).toEqual({ parameters: { top: 5 }, labels: ["people"] });
  expect(await set("signed", { parameterDefaults: { top: 8 } })).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("is signed"),
  });
  expect(await set("signed", { parameterDefaults: null, maxRecoveries: 1 })).toMatchObject({
    flow: { settings: { parameterDefaults: null, maxRecoveries: 1 } },
  });
});

test("defaults that are sealed, or of a flow that seals its parameters, are refused", async () => {
  await register("open");
  const sealed = { $sealed: { ciphertext: "x", recipients: [{}] } };
  expect(await set("open", { parameterDefaults: sealed })).toMatchObject({
    code: "INVALID",
    message: expect.stringContaining("sealed"),
  });
  await register("secretive", { boundary: { parameter: "seal" } });
  expect(await set("secretive", { parameterDefaults: { top: 1 } })).toMatchObject({ code: "INVALID" });
});

test.each([
  ["a value of the wrong kind", { parameterDefaults: { top: "many" } }, "PARAMETERS_INVALID", "top"],
  ["defaults that are no object", { parameterDefaults: [1] }, "PARAMETERS_INVALID", "JSON object"],
  ["recoveries below none", { maxRecoveries: -1 }, "INVALID", "maxRecoveries"],
  ["too many recoveries", { maxRecoveries: 101 }, "INVALID", "maxRecoveries"],
  ["too long a wait", { recoveryBackoffSeconds: 3_601 }, "INVALID", "recoveryBackoffSeconds"],
  ["a label of spaces", { labels: [" "] }, "INVALID", "label"],
  ["too many labels", { labels: Array.from({ length: 51 }, (_, i) => `l${i}`) }, "INVALID", "51 labels"],
  ["a description that is too long", { description: "x".repeat(16 * 1024 + 1) }, "INVALID", "description"],
])("%s is refused", async (_what, patch, code, why) => {
  await register("checked", { parameterSchema: SCHEMA });
  expect(await set("checked", patch)).toMatchObject({ code, message: expect.stringContaining(why) });
});

test("NUL in a description is refused: a document can hold what a body cannot", async () => {
  await register("checked", { parameterSchema: SCHEMA });
  const input = `{ project: "default", flow: "checked", description: "\\u0000" }`;
  const text = `mutation { result: setFlowSettings(input: ${input}) { ... on Refusal { code message } } }`;
  expect(await cloud.ask(tenant, text)).toMatchObject({
    result: { code: "INVALID", message: expect.stringContaining("NUL") },
  });
});

test("another tenant neither sees nor changes them", async () => {
  const stranger = await cloud.makeTenant();
  await register("mine");
  await set("mine", { description: "mine" });
  expect(await set("mine", { description: "theirs" }, stranger)).toMatchObject({ code: "NOT_FOUND" });
  await cloud.ask(stranger, REGISTER, { r: registration("mine") });
  const query = `{ flow(project: "default", name: "mine") { settings { description } } }`;
  expect(await cloud.ask(stranger, query)).toEqual({ flow: { settings: null } });
  await set("mine", { description: "theirs" }, stranger);
  expect(await cloud.ask(tenant, query)).toEqual({ flow: { settings: { description: "mine" } } });
});
