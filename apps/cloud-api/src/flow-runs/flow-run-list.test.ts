import { isHeld, STATE_NAMES, type StateName } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { stateNumber } from "./find-flow-runs.ts";

let cloud: GraphqlFixture;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
});
afterAll(() => cloud.stop());

interface List {
  readonly flowRuns: {
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  };
}

async function list(tenant: TestTenant, args: string): Promise<List["flowRuns"]> {
  const query = `{ flowRuns(${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  return (await cloud.ask<List>(tenant, query)).flowRuns;
}

const idsOf = (page: List["flowRuns"]) => page.nodes.map((node) => node.id);

async function makeRuns(tenant: TestTenant, flow: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) ids.push(await createRun(cloud, tenant, flow));
  return ids;
}

test("the newest come first, page by page, forth and back", async () => {
  const tenant = await cloud.makeTenant();
  const newestFirst = (await makeRuns(tenant, "pages", 5)).toReversed();
  const first = await list(tenant, "first: 2");
  expect(idsOf(first)).toEqual(newestFirst.slice(0, 2));
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  const second = await list(tenant, `first: 3, after: "${first.pageInfo.endCursor}"`);
  expect(idsOf(second)).toEqual(newestFirst.slice(2));
  expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const back = await list(tenant, `last: 2, before: "${second.pageInfo.startCursor}"`);
  expect(idsOf(back)).toEqual(newestFirst.slice(0, 2));
  expect(idsOf(await list(tenant, "last: 1"))).toEqual(newestFirst.slice(4));
});

test("filters by state, flow and project narrow together", async () => {
  const tenant = await cloud.makeTenant();
  const [a] = await makeRuns(tenant, "a", 1);
  const [b] = await makeRuns(tenant, "b", 1);
  await cloud.ask(tenant, `mutation { cancelFlowRun(id: "${b}") { __typename } }`);
  expect(idsOf(await list(tenant, "filter: { state: [Scheduled] }"))).toEqual([a]);
  expect(idsOf(await list(tenant, "filter: { state: [Cancelled, Failed] }"))).toEqual([b]);
  expect(idsOf(await list(tenant, `filter: { flow: "b", project: "default" }`))).toEqual([b]);
  expect(idsOf(await list(tenant, `filter: { flow: "b", state: [Scheduled] }`))).toEqual([]);
  expect(idsOf(await list(tenant, `filter: { project: "default" }`))).toEqual([b, a]);
  expect(idsOf(await list(tenant, `filter: { project: "elsewhere" }`))).toEqual([]);
  expect(idsOf(await list(tenant, `filter: { flow: null, state: null }`))).toEqual([b, a]);
});

test("filters by when runs ended, by whether they have parameters, and by whether they are late", async () => {
  const tenant = await cloud.makeTenant();
  const [plain] = await makeRuns(tenant, "plain", 1);
  const told = await createRun(cloud, tenant, "told", { parameters: { day: "2026-01-01" } });
  const sealed = await createRun(cloud, tenant, "told");
  const set = (id: string | undefined, columns: string) =>
    cloud.database.pool.query(`update flow_runs set ${columns} where id = $1`, [id]);
  await set(sealed, `parameters = '{ "$sealed": "a JWE" }'`);
  expect(idsOf(await list(tenant, "filter: { hasParameters: true }"))).toEqual([sealed, told]);
  expect(idsOf(await list(tenant, "filter: { hasParameters: false }"))).toEqual([plain]);

  await set(plain, "scheduled_start_time = now() - interval '25 seconds', state = 'Retrying'");
  await set(told, "scheduled_start_time = now() - interval '15 seconds'");
  expect(idsOf(await list(tenant, "filter: { isLate: true }"))).toEqual([plain]);
  expect(idsOf(await list(tenant, "filter: { isLate: false }"))).toEqual([sealed, told]);
  await set(plain, "state = 'Paused'");
  expect(idsOf(await list(tenant, "filter: { isLate: true }"))).toEqual([]);

  await set(plain, "state = 'Success', ended_at = '2026-01-02T00:00:00Z'");
  await set(told, "state = 'Failed', ended_at = '2026-01-03T00:00:00Z'");
  expect(idsOf(await list(tenant, `filter: { endedAfter: "2026-01-03T00:00:00Z" }`))).toEqual([told]);
  expect(idsOf(await list(tenant, `filter: { endedBefore: "2026-01-03T00:00:00Z" }`))).toEqual([plain]);
});

test("a page is never longer than 200", async () => {
  const tenant = await cloud.makeTenant();
  const id = await createRun(cloud, tenant, "many");
  const more = `insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time)
    select uuidv7(), tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time
    from flow_runs, generate_series(1, 220) where id = $1`;
  await cloud.database.pool.query(more, [id]);
  const page = await list(tenant, "first: 1000");
  expect(page.nodes).toHaveLength(200);
  expect(page.pageInfo.hasNextPage).toBe(true);
});

test("a cursor that is none is told, and so is a negative page", async () => {
  const tenant = await cloud.makeTenant();
  const odd = await cloud.post(tenant.userKey, `{ flowRuns(after: "somewhere") { nodes { id } } }`);
  expect(odd.body.errors?.[0]).toMatchObject({
    message: expect.stringContaining("endCursor"),
    extensions: { code: "INVALID" },
  });
  const negative = await cloud.post(tenant.userKey, `{ flowRuns(first: -1) { nodes { id } } }`);
  expect(negative.body.errors?.[0]).toMatchObject({
    message: expect.stringContaining("first"),
    extensions: { code: "INVALID" },
  });
});

/** What the cloud asks by its own clock, whoever asks for a list: a key again after a second, and which agents were heard of. */
const BY_THE_CLOCK = /\bapi_keys\b|update agents\b/;

/** Statements that Postgres was sent for `work`. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const { pool } = cloud.database;
  let statements = 0;
  const connections = new Set<{ query: (...args: never[]) => unknown }>();
  const count = (client: object) => {
    const connection = client as { query: (...args: never[]) => unknown };
    if (connections.has(connection)) return;
    connections.add(connection);
    const { query } = connection;
    connection.query = (...args) => {
      const [statement] = args as unknown as [string | { text: string }];
      if (!BY_THE_CLOCK.test(typeof statement === "string" ? statement : statement.text)) statements += 1;
      return query.apply(connection, args);
    };
  };
  pool.on("acquire", count);
  await work();
  pool.off("acquire", count);
  for (const connection of connections) Reflect.deleteProperty(connection, "query");
  return statements;
}

test("a list of runs costs the same few statements, whether it holds 2 or 12", async () => {
  const tenant = await cloud.makeTenant();
  const agent = await enrolAgent(cloud, tenant);
  const query = `query FlowRuns($first: Int!) { flowRuns(first: $first) { nodes {
    id name state message flow { name project { name } } flowVersion { number } agent { name online runs }
    states { state } taskRuns(first: 3) { nodes { task message states { state } } } logs(last: 2) { nodes { text } } artifacts { name }
  } } }`;
  await makeRuns(tenant, "list", 12);
  const { begin, tasks } = storyOf(2);
  for (const id of await agent.claim()) await agent.report(id, [...begin, ...tasks]);
  const runsOf = (first: number) => statementsOf(() => cloud.ask(tenant, query, { first }));
  await runsOf(1);
  const few = await runsOf(2);
  const many = await runsOf(12);
  expect(many).toBe(few);
  // Runs, flows, projects, versions, agents; then one each for newest states, histories, task runs, their histories, logs, artifacts, presence.
  expect(many).toBeLessThanOrEqual(13);
});

test("the number by which a state is looked for is the one that the database makes of it", async () => {
  const tenant = await cloud.makeTenant();
  const [id] = await makeRuns(tenant, "numbered", 1);
  const { rows } = await cloud.database.pool.query<{ state: StateName }>(
    "select unnest(enum_range(null::state))::text as state",
  );
  expect(rows.map(({ state }) => state).toSorted()).toEqual(STATE_NAMES.toSorted());
  for (const { state } of rows) {
    const lease = isHeld(state) ? "now() + interval '1 hour'" : "null";
    const set = `update flow_runs set state = $2::state, lease_expires_at = ${lease} where id = $1 returning state_number`;
    const changed = await cloud.database.pool.query(set, [id, state]);
    expect([state, changed.rows]).toEqual([state, [{ state_number: stateNumber(state) }]]);
    expect(idsOf(await list(tenant, `filter: { state: [${state}] }`))).toEqual([id]);
  }
});
