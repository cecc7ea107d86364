import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { schedule } from "../schedules/testing/slots.ts";
import { schedulePlanner } from "../loops/schedule-planner.ts";
import { inTenant } from "../database/tenant-scope.ts";
import { deleteFlow } from "./delete-flow.ts";
import { DELETE_FLOW, DELETE_HISTORY, TABLES_OF_FLOWS, TABLES_OF_RUNS } from "./delete-flow.sql.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

async function flowId(name: string): Promise<string> {
  const query = `query ($name: String!) { flow(project: "default", name: $name) { id } }`;
  return (await cloud.ask<{ flow: { id: string } }>(tenant, query, { name })).flow.id;
}
const remove = async (id: string, who = tenant) =>
  (
    await cloud.ask<{ deleteFlow: object }>(
      who,
      `mutation ($id: ID!) { deleteFlow(id: $id) { ... on DeleteFlowPayload { name done runs } ... on Refusal { code message } } }`,
      { id },
    )
  ).deleteFlow;

async function finishedRun(flow: string): Promise<string> {
  const id = await createRun(cloud, tenant, flow);
  const agent = await enrolAgent(cloud, tenant);
  await agent.claim();
  const { begin, tasks, end } = storyOf(2);
  await agent.report(id, [...begin, ...tasks, ...end]);
  return id;
}

/** Tables of the catalog that have a column, with how many rows hold a value in it. */
async function rowsWith(column: string, value: string): Promise<Record<string, number>> {
  const { pool } = cloud.database;
  const { rows } = await pool.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = $1 order by 1`,
    [column],
  );
  const counts = rows.map(async ({ name }) => {
    const found = await pool.query<{ n: number }>(`select count(*)::int4 as n from ${name} where ${column} = $1`, [
      value,
    ]);
    return [name, found.rows[0]?.n ?? Number.NaN] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

test("every table of the catalog whose rows are of a run or of a flow is emptied with it", async () => {
  const runs = await rowsWith("flow_run_id", "01900000-0000-7000-8000-000000000000");
  expect([...TABLES_OF_RUNS].toSorted()).toEqual(Object.keys(runs));
  const flows = await rowsWith("flow_id", "01900000-0000-7000-8000-000000000000");
  expect([...TABLES_OF_FLOWS, "flow_runs"].toSorted()).toEqual(Object.keys(flows));
});

test("a flow goes with all of its history, and what its runs had started stays", async () => {
  const run = await finishedRun("gone");
  const child = await createRun(cloud, tenant, "stays");
  await cloud.database.pool.query(`update flow_runs set parent_run_id = $1 where id = $2`, [run, child]);
  const id = await flowId("gone");
  const before = await rowsWith("flow_run_id", run);
  expect(before).toMatchObject({ flow_run_states: 4, task_runs: 2, logs: 2 });
  expect(await remove(id)).toEqual({ name: "gone", done: true, runs: 1 });
  for (const counts of [await rowsWith("flow_run_id", run), await rowsWith("flow_id", id)])
    expect(new Set(Object.values(counts))).toEqual(new Set([0]));
  const query = `query ($id: ID!) { flow(project: "default", name: "gone") { id } flowRun(id: $id) { state parent { id } } }`;
  expect(await cloud.ask(tenant, query, { id: child })).toEqual({
    flow: null,
    flowRun: { state: "Scheduled", parent: null },
  });
  await createRun(cloud, tenant, "gone");
});

test("a run that is not finished keeps its flow, with all that it had", async () => {
  const run = await createRun(cloud, tenant, "busy");
  const id = await flowId("busy");
  expect(await remove(id)).toMatchObject({
    code: "CONFLICT",
    message: expect.stringMatching(/busy-\w+ \(Scheduled\)/),
  });
  await createRun(cloud, tenant, "busy");
  await cloud.ask(tenant, `mutation { cancelFlowRun(id: "${run}") { __typename } }`);
  expect(await remove(id)).toMatchObject({ code: "CONFLICT" });
});

test("runs that a schedule made ahead do not keep their flow", async () => {
  const r = registration("planned", { schedules: [schedule({ everySeconds: 3_600 }, { name: "hourly" })] });
  await cloud.ask(
    tenant,
    `mutation ($r: JSON!) { registerFlow(input: { project: "default", registration: $r }) { __typename } }`,
    { r },
  );
  await schedulePlanner({ pool: cloud.database.pool, seconds: 1, log: cloud.deps.log, now: () => new Date() }).tick();
  const id = await flowId("planned");
  expect((await rowsWith("flow_id", id)).flow_runs).toBe(10);
  expect(await remove(id)).toEqual({ name: "planned", done: true, runs: 0 });
});

test("what is too much for one call goes on with the next, and nothing begins in between", async () => {
  for (let i = 0; i < 3; i += 1) {
    const run = await createRun(cloud, tenant, "large");
    await cloud.ask(tenant, `mutation { cancelFlowRun(id: "${run}") { __typename } }`);
  }
  const id = await flowId("large");
  const { tenantId } = tenant;
  const { pool } = cloud.deps.database;
  const first = await inTenant(tenantId, () => deleteFlow(pool, { tenantId, id }, new Date(), 2));
  expect(first).toEqual({ name: "large", done: false, runs: 2 });
  const create = `mutation { createFlowRun(input: { project: "default", flow: "large" }) { ... on Refusal { code } } }`;
  expect(await cloud.ask(tenant, create)).toEqual({ createFlowRun: { code: "NOT_FOUND" } });
  expect(await remove(id)).toEqual({ name: "large", done: true, runs: 1 });
});

test("a run that is asked for while its flow is deleted is refused, as one of no flow", async () => {
  const run = await createRun(cloud, tenant, "raced");
  await cloud.ask(tenant, `mutation { cancelFlowRun(id: "${run}") { __typename } }`);
  const id = await flowId("raced");
  const client = await cloud.database.pool.connect();
  await client.query("begin");
  await client.query("select from flows where id = $1 for update", [id]);
  const creating = cloud.ask(
    tenant,
    `mutation { createFlowRun(input: { project: "default", flow: "raced" }) { ... on Refusal { code } } }`,
  );
  await eventually(async () => {
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    expect((await cloud.database.pool.query(waiting)).rowCount).toBe(1);
  });
  for (const statement of DELETE_HISTORY) await client.query(statement, [tenant.tenantId, [run]]);
  for (const statement of DELETE_FLOW) await client.query(statement, [tenant.tenantId, id]);
  await client.query("commit");
  client.release();
  expect(await creating).toEqual({ createFlowRun: { code: "NOT_FOUND" } });
});

test("a flow of another tenant is as absent as one that nobody has", async () => {
  const stranger = await cloud.makeTenant();
  await finishedRun("mine");
  const id = await flowId("mine");
  const told = async (which: string) => JSON.stringify(await remove(which, stranger)).replaceAll(which, "ID");
  expect(await told(id)).toBe(await told("01900000-0000-7000-8000-000000000000"));
  expect(await told("no id")).toContain("NOT_FOUND");
  expect(await flowId("mine")).toBe(id);
});
