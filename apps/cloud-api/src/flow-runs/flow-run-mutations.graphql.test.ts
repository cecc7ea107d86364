import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  await createRun(cloud, tenant, "flow");
});
afterAll(() => cloud.stop());

const REFUSAL = "... on Refusal { code message }";
const CREATE = `mutation CreateFlowRun($input: CreateFlowRunInput!) { createFlowRun(input: $input) {
  ... on CreateFlowRunPayload { created flowRun { id name state parameters labels idempotencyKey scheduledStartTime } } ${REFUSAL}
} }`;

interface Created {
  readonly createFlowRun: {
    readonly created?: boolean;
    readonly flowRun?: { readonly id: string };
    readonly code?: string;
  };
}

const create = async (input: object) =>
  (await cloud.ask<Created>(tenant, CREATE, { input: { project: "default", flow: "flow", ...input } })).createFlowRun;

test("a run is created with all that is given", async () => {
  const given = { parameters: { a: [1, null] }, name: "by hand", labels: ["gpu"], idempotencyKey: makeId() };
  const made = await create({ ...given, scheduledStartTime: "2030-01-31T10:00:00+02:00" });
  expect(made).toMatchObject({
    created: true,
    flowRun: { ...given, state: "Scheduled", scheduledStartTime: "2030-01-31T08:00:00.000Z" },
  });
});

test("null is as good as leaving out", async () => {
  const nothing = { parameters: null, name: null, labels: null, idempotencyKey: null, scheduledStartTime: null };
  expect(await create(nothing)).toMatchObject({ created: true, flowRun: { parameters: {}, labels: [] } });
});

test("one idempotency key is one run, also when asked at once", async () => {
  const idempotencyKey = makeId();
  const made = await Promise.all(Array.from({ length: 5 }, () => create({ idempotencyKey })));
  expect(new Set(made.map(({ flowRun }) => flowRun?.id)).size).toBe(1);
  expect(made.filter(({ created }) => created)).toHaveLength(1);
});

test("an unknown project or flow is named, with the way out", async () => {
  const noProject = await create({ project: "nowhere" });
  expect(noProject).toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining('"nowhere"') });
  const noFlow = await create({ flow: "nothing" });
  expect(noFlow).toMatchObject({ code: "NOT_FOUND", message: expect.stringMatching(/"nothing".*weir register/) });
});

test("parameters that no JSON may hold are told by name, and no run is made", async () => {
  const countRuns = () => cloud.database.pool.query("select 1 from flow_runs");
  const before = (await countRuns()).rowCount;
  const refusedFor = async (parameters: string) => {
    const variables = `{"input":{"project":"default","flow":"flow","parameters":${parameters}}}`;
    return (await cloud.post<Created>(tenant.userKey, CREATE, variables)).body.data?.createFlowRun;
  };
  const deep = `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
  expect(await refusedFor(deep)).toMatchObject({
    code: "PARAMETERS_INVALID",
    message: expect.stringContaining("deeper"),
  });
  const proto = `{"a":{"__proto__":1}}`;
  expect(await refusedFor(proto)).toMatchObject({
    code: "PARAMETERS_INVALID",
    message: expect.stringContaining("__proto__"),
  });
  const large = JSON.stringify({ text: "x".repeat(600 * 1024) });
  expect(await refusedFor(large)).toMatchObject({ message: expect.stringMatching(/512|524288/) });
  expect((await countRuns()).rowCount).toBe(before);
});

test("a start time without a zone is told", async () => {
  const { body } = await cloud.post(tenant.userKey, CREATE, {
    input: { project: "default", flow: "flow", scheduledStartTime: "2030-01-31 10:00" },
  });
  expect(body.errors?.[0]).toMatchObject({
    message: expect.stringContaining("its zone"),
    extensions: { code: "INVALID" },
  });
});

const cancelQuery = `mutation CancelFlowRun($id: ID!) { cancelFlowRun(id: $id) { ... on CancelFlowRunPayload { flowRun { id state } } ${REFUSAL} } }`;
const restartQuery = `mutation RestartFlowRun($id: ID!) { restartFlowRun(id: $id) { ... on RestartFlowRunPayload { flowRun { id state } } ${REFUSAL} } }`;

test("a waiting run is cancelled at once, a held one becomes Cancelling", async () => {
  const agent = await enrolAgent(cloud, tenant);
  const held = await createRun(cloud, tenant, "flow");
  await agent.claim();
  await agent.report(held, storyOf(0).begin);
  const waiting = await createRun(cloud, tenant, "flow");
  expect(await cloud.ask(tenant, cancelQuery, { id: waiting })).toEqual({
    cancelFlowRun: { flowRun: { id: waiting, state: "Cancelled" } },
  });
  expect(await cloud.ask(tenant, cancelQuery, { id: held })).toEqual({
    cancelFlowRun: { flowRun: { id: held, state: "Cancelling" } },
  });
});

test("a finished run can be restarted, one that waits cannot", async () => {
  const id = await createRun(cloud, tenant, "flow");
  expect(await cloud.ask(tenant, restartQuery, { id })).toMatchObject({ restartFlowRun: { code: "NOT_FINISHED" } });
  await cloud.ask(tenant, cancelQuery, { id });
  expect(await cloud.ask(tenant, restartQuery, { id })).toEqual({
    restartFlowRun: { flowRun: { id, state: "Scheduled" } },
  });
});

test("a run that is not there, and text that is no id, are refused with a sentence", async () => {
  for (const id of [makeId(), "latest"]) {
    const refused = {
      code: "NOT_FOUND",
      message: expect.stringMatching(new RegExp(`no flow run .*${id}.*weir runs list`)),
    };
    expect(await cloud.ask(tenant, cancelQuery, { id })).toEqual({ cancelFlowRun: refused });
    expect(await cloud.ask(tenant, restartQuery, { id })).toEqual({ restartFlowRun: refused });
  }
});
