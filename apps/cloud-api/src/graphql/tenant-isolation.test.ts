import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "./testing/graphql-fixture.ts";
import { schema } from "./schema.ts";

let cloud: GraphqlFixture;
let a: TestTenant;
let b: TestTenant;
let run: string;
let keyOfA: string;

/** Never used by anybody. */
const ABSENT = "01900000-0000-7000-8000-000000000000";

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  a = await cloud.makeTenant();
  b = await cloud.makeTenant();
  run = await createRun(cloud, a, "secret-flow", { idempotencyKey: "once" });
  const agent = await enrolAgent(cloud, a, "secret-agent");
  await agent.claim();
  const { begin, tasks } = storyOf(2);
  await agent.report(run, [...begin, ...tasks]);
  keyOfA = (await cloud.ask<{ viewer: { keyId: string } }>(a, "{ viewer { keyId } }")).viewer.keyId;
});
afterAll(() => cloud.stop());

/** What B is told about an id, without the id itself: it must be the same for A's id and for one that nobody has. */
async function toldOf(query: (id: string) => string, id: string): Promise<string> {
  const { body } = await cloud.post(b.userKey, query(id));
  return JSON.stringify(body).replaceAll(id, "ID");
}

const BY_ID: Record<string, (id: string) => string> = {
  flowRun: (id) =>
    `{ flowRun(id: "${id}") { id holdings { table } taskRuns { nodes { number } } logs { nodes { text } } } }`,
  cancelFlowRun: (id) => `mutation { cancelFlowRun(id: "${id}") { __typename ... on Refusal { code message } } }`,
  restartFlowRun: (id) => `mutation { restartFlowRun(id: "${id}") { __typename ... on Refusal { code message } } }`,
  pauseFlowRun: (id) => `mutation { pauseFlowRun(id: "${id}") { __typename ... on Refusal { code message } } }`,
  resumeFlowRun: (id) => `mutation { resumeFlowRun(id: "${id}") { __typename ... on Refusal { code message } } }`,
  approveTaskRun: (id) =>
    `mutation { approveTaskRun(input: { flowRunId: "${id}", number: 1 }) { __typename ... on Refusal { code message } } }`,
  revokeApiKey: (id) => `mutation { revokeApiKey(id: "${id}") { __typename ... on Refusal { code message } } }`,
  setScheduleActive: (id) =>
    `mutation { setScheduleActive(id: "${id}", active: false) { __typename ... on Refusal { code message } } }`,
  flowRunUpdates: (id) => `subscription { flowRunUpdates(id: "${id}") { after } }`,
};

test("every field that takes an id is looked at here", () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
  const takingIds = fields.filter((field) => field.args.some((arg) => /ID|ApproveTaskRunInput/.test(String(arg.type))));
  expect(takingIds.map((field) => field.name).toSorted((one, other) => one.localeCompare(other))).toEqual(
    Object.keys(BY_ID).toSorted((one, other) => one.localeCompare(other)),
  );
});

test.each(["flowRun", "cancelFlowRun", "restartFlowRun", "pauseFlowRun", "resumeFlowRun", "approveTaskRun"])(
  "%s tells another tenant of a run nothing but that it is absent",
  async (field) => {
    const query = BY_ID[field] ?? (() => "");
    expect(await toldOf(query, run)).toBe(await toldOf(query, ABSENT));
  },
);

test("a key of another tenant cannot be revoked, and stays good", async () => {
  const query = BY_ID.revokeApiKey ?? (() => "");
  expect(await toldOf(query, keyOfA)).toBe(await toldOf(query, ABSENT));
  expect(await cloud.ask(a, "{ viewer { scope } }")).toEqual({ viewer: { scope: "user" } });
});

test("a schedule of another tenant cannot be switched off, and stays on", async () => {
  const schedules = [{ name: "s", zone: "UTC", clock: { everySeconds: 60 } }];
  const register = `mutation ($r: JSON!) { registerFlow(input: { project: "default", registration: $r }) { __typename } }`;
  await cloud.ask(a, register, { r: registration("scheduled", { schedules }) });
  const own = `{ flow(project: "default", name: "scheduled") { schedules { id active } } }`;
  const { flow } = await cloud.ask<{ flow: { schedules: { id: string }[] } }>(a, own);
  const query = BY_ID.setScheduleActive ?? (() => "");
  expect(await toldOf(query, flow.schedules[0]?.id ?? "")).toBe(await toldOf(query, ABSENT));
  expect(await cloud.ask(a, own)).toMatchObject({ flow: { schedules: [{ active: true }] } });
});

test("a run of another tenant stays as it is", async () => {
  expect(await cloud.ask(a, `{ flowRun(id: "${run}") { state } }`)).toEqual({ flowRun: { state: "Running" } });
});

test("lists hold one's own alone", async () => {
  const lists = `{ projects { nodes { name } } flows { nodes { name } } flowRuns { nodes { id } } agents { nodes { name } } apiKeys { nodes { id name } } }`;
  const seen = await cloud.ask<{ apiKeys: { nodes: { id: string }[] } }>(b, lists);
  expect(seen).toMatchObject({
    projects: { nodes: [{ name: "default" }] },
    flows: { nodes: [] },
    flowRuns: { nodes: [] },
    agents: { nodes: [] },
  });
  expect(seen.apiKeys.nodes).toHaveLength(2);
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`secret|${run}|${keyOfA}`));
});

test("names of another tenant find nothing", async () => {
  expect(await cloud.ask(b, `{ flow(project: "default", name: "secret-flow") { id } }`)).toEqual({ flow: null });
  expect(
    await cloud.ask(b, `{ flowRuns(filter: { flow: "secret-flow", project: "default" }) { nodes { id } } }`),
  ).toEqual({
    flowRuns: { nodes: [] },
  });
  const create = `mutation { createFlowRun(input: { project: "default", flow: "secret-flow" }) { ... on Refusal { code } } }`;
  expect(await cloud.ask(b, create)).toEqual({ createFlowRun: { code: "NOT_FOUND" } });
});

test("an idempotency key of another tenant is free", async () => {
  const own = await createRun(cloud, b, "own-flow", { idempotencyKey: "once" });
  expect(own).not.toBe(run);
  await cloud.ask(b, `mutation { cancelFlowRun(id: "${own}") { __typename } }`);
});

test("a cursor made of another tenant's id tells no more than one made of an absent id", async () => {
  await createRun(cloud, b, "own-flow");
  const listAfter = (id: string) =>
    `{ flowRuns(last: 5, before: "${id}") { nodes { state } pageInfo { hasNextPage hasPreviousPage } } }`;
  const neighbour = `${run.slice(0, -1)}${run.endsWith("0") ? "1" : "0"}`;
  expect(await toldOf(listAfter, run)).toBe(await toldOf(listAfter, neighbour));
});

test("rows that carry another tenant's id under one's own run are not shown", async () => {
  // It cannot happen: keys are composite. Were one of them lost, the statements would still hold.
  const own = await createRun(cloud, b, "own-flow");
  const { pool } = cloud.database;
  const foreign = [
    `flow_run_states (tenant_id, flow_run_id, version, attempt, state, at, message) values ($1, $2, 2, 0, 'Cancelled', now(), 'foreign')`,
    `logs (tenant_id, flow_run_id, attempt, number, at, level, text) values ($1, $2, 1, 1, now(), 30, 'foreign')`,
    `artifacts (tenant_id, flow_run_id, attempt, number, at, name, kind, data) values ($1, $2, 1, 2, now(), 'foreign', 'markdown', '""')`,
    `task_runs (tenant_id, flow_run_id, number, task_id, ordinal, state, attempt, event_number, upstream, tags)
     select $1, $2, 1, id, 0, 'Running', 1, 3, '{}', '{}' from tasks where tenant_id = $1 limit 1`,
  ];
  for (const rows of foreign) {
    const table = rows.slice(0, rows.indexOf(" "));
    await pool.query(`alter table ${table} drop constraint if exists ${table}_tenant_id_flow_run_id_fkey`);
    await pool.query(`insert into ${rows}`, [a.tenantId, own]);
  }
  const query = `{ flowRun(id: "${own}") { states { message } taskRuns { nodes { number } } logs { nodes { text } } artifacts { name } holdings { table sample } } }`;
  const { flowRun } = await cloud.ask<{ flowRun: { holdings: { table: string }[] } }>(b, query);
  expect(flowRun).toMatchObject({
    states: [{ message: "created" }],
    taskRuns: { nodes: [] },
    logs: { nodes: [] },
    artifacts: [],
  });
  expect(flowRun.holdings.map((holding) => holding.table)).toEqual(["flow_runs", "flow_run_states"]);
  expect(JSON.stringify(flowRun)).not.toContain("foreign");
});
