import type { RunEvent } from "@weir/protocol";
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
});
afterAll(() => cloud.stop());

/** A run that an agent brought to its end, with three tasks and what else is given. */
async function finishedRun(flow: string, more: RunEvent[] = []): Promise<string> {
  const id = await createRun(cloud, tenant, flow, { parameters: { top: 3 } });
  const agent = await enrolAgent(cloud, tenant);
  await agent.claim();
  const { begin, tasks, end } = storyOf(3);
  await agent.report(id, [...begin, ...tasks, ...more, ...end]);
  return id;
}

/** Fields of one run. */
async function readRun<T>(id: string, fields: string): Promise<T> {
  const query = `query FlowRun($id: ID!) { flowRun(id: $id) { ${fields} } }`;
  const { flowRun } = await cloud.ask<{ flowRun: T }>(tenant, query, { id });
  return flowRun;
}

test("a flow run is read with all that it refers to", async () => {
  const id = await finishedRun("whole");
  const run = await readRun(
    id,
    `id name state stateVersion message failure attempt recoveries parameters labels idempotencyKey startedAt endedAt
     flow { name project { name } } flowVersion { number } agent { name } states { version attempt state message }`,
  );
  expect(run).toEqual({
    id,
    name: `whole-${id.slice(-8)}`,
    state: "Success",
    stateVersion: 4,
    message: "all tasks succeeded",
    failure: null,
    attempt: 1,
    recoveries: 0,
    parameters: { top: 3 },
    labels: [],
    idempotencyKey: null,
    startedAt: "2023-11-14T22:13:20.000Z",
    endedAt: "2023-11-14T22:13:21.000Z",
    flow: { name: "whole", project: { name: "default" } },
    flowVersion: { number: 1 },
    agent: { name: "agent" },
    states: [
      { version: 1, attempt: 0, state: "Scheduled", message: "created" },
      { version: 2, attempt: 1, state: "Submitted", message: expect.stringContaining("agent") },
      { version: 3, attempt: 1, state: "Running", message: null },
      { version: 4, attempt: 1, state: "Success", message: "all tasks succeeded" },
    ],
  });
});

test("task runs carry their task's name, message and failure of their newest state, and their history", async () => {
  const at = 1_700_000_000_500;
  const failure = { name: "TypeError", message: "no such airport" };
  const id = await finishedRun("tasks", [
    {
      kind: "task-run",
      at,
      number: 4,
      task: "clean",
      ordinal: 0,
      runName: "clean JFK",
      upstream: [1, 2],
      tags: ["slow"],
    },
    { kind: "task", at, number: 4, state: "Running", tryNumber: 1 },
    { kind: "task", at, number: 4, state: "Failed", message: "it threw", failure },
  ]);
  const run = await readRun<{ taskRuns: { nodes: unknown[] } }>(
    id,
    `taskRuns { nodes { number task name ordinal state tryNumber location resultBytes upstream tags message failure states { state message failure } } }`,
  );
  expect(run.taskRuns.nodes).toHaveLength(4);
  expect(run.taskRuns.nodes[0]).toMatchObject({
    number: 1,
    task: "load",
    state: "Success",
    resultBytes: 5e9,
    location: "file:///results/1",
  });
  expect(run.taskRuns.nodes[3]).toEqual({
    number: 4,
    task: "clean",
    name: "clean JFK",
    ordinal: 0,
    state: "Failed",
    tryNumber: 1,
    location: null,
    resultBytes: null,
    upstream: [1, 2],
    tags: ["slow"],
    message: "it threw",
    failure,
    states: [
      { state: "Pending", message: null, failure: null },
      { state: "Running", message: null, failure: null },
      { state: "Failed", message: "it threw", failure },
    ],
  });
});

test("task runs come in pages by number", async () => {
  const id = await finishedRun("task-pages");
  type Page = { taskRuns: { nodes: { number: number }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
  const first = await readRun<Page>(id, "taskRuns(first: 2) { nodes { number } pageInfo { hasNextPage endCursor } }");
  expect(first.taskRuns.nodes.map((node) => node.number)).toEqual([1, 2]);
  expect(first.taskRuns.pageInfo.hasNextPage).toBe(true);
  const after = JSON.stringify(first.taskRuns.pageInfo.endCursor);
  const second = await readRun<Page>(
    id,
    `taskRuns(first: 2, after: ${after}) { nodes { number } pageInfo { hasNextPage endCursor } }`,
  );
  expect(second.taskRuns.nodes.map((node) => node.number)).toEqual([3]);
  expect(second.taskRuns.pageInfo.hasNextPage).toBe(false);
});

test("log lines come in order, and the tail of them by `last`", async () => {
  const id = await finishedRun("logs", [
    { kind: "log", at: 1_700_000_000_600, level: "error", text: "odd row", logger: "stderr" },
  ]);
  type Logs = { all: { nodes: { text: string }[] }; tail: { nodes: unknown[]; pageInfo: { startCursor: string } } };
  const run = await readRun<Logs>(
    id,
    "all: logs { nodes { text } } tail: logs(last: 1) { nodes { text level logger taskRunNumber attempt } pageInfo { startCursor } }",
  );
  expect(run.all.nodes.map((line) => line.text)).toEqual(["line of 1", "line of 2", "line of 3", "odd row"]);
  expect(run.tail.nodes).toEqual([
    { text: "odd row", level: "error", logger: "stderr", taskRunNumber: null, attempt: 1 },
  ]);
  const before = JSON.stringify(run.tail.pageInfo.startCursor);
  const earlier = await readRun<{ logs: { nodes: unknown[] } }>(
    id,
    `logs(last: 2, before: ${before}) { nodes { text logger taskRunNumber } }`,
  );
  expect(earlier.logs.nodes).toEqual([
    { text: "line of 2", logger: "flow", taskRunNumber: 2 },
    { text: "line of 3", logger: "flow", taskRunNumber: 3 },
  ]);
});

test("of artifacts of one name the newest counts", async () => {
  const artifact = (data: string): RunEvent => ({
    kind: "artifact",
    at: 1_700_000_000_700,
    name: "report",
    artifact: "markdown",
    data,
  });
  const id = await finishedRun("artifacts", [artifact("# old"), artifact("# new")]);
  const run = await readRun(id, "artifacts { name kind data }");
  expect(run).toEqual({ artifacts: [{ name: "report", kind: "markdown", data: "# new" }] });
});

test("holdings are all rows of all tables that speak of the run, and of no other run", async () => {
  await finishedRun("holdings");
  const id = await finishedRun("holdings");
  const { holdings } = await readRun<{
    holdings: { table: string; rows: number; sample: Record<string, unknown>[] }[];
  }>(id, "holdings { table rows sample }");
  const rows = Object.fromEntries(holdings.map((holding) => [holding.table, holding.rows]));
  expect(rows).toEqual({ flow_runs: 1, flow_run_states: 4, logs: 3, task_run_states: 9, task_runs: 3 });
  for (const { table, sample } of holdings)
    for (const row of sample) expect(row).toMatchObject(table === "flow_runs" ? { id } : { flow_run_id: id });
});

test("holdings show a table that was added later, and partitions only once", async () => {
  const id = await createRun(cloud, tenant, "later");
  await cloud.database.pool.query(`create table "Later notes" (tenant_id uuid, flow_run_id uuid, note text)`);
  await cloud.database.pool.query(`select tenancy.isolate('"Later notes"')`);
  await cloud.database.pool.query(`insert into "Later notes" values ($1, $2, 'hello')`, [tenant.tenantId, id]);
  const { holdings } = await readRun<{ holdings: unknown[] }>(id, "holdings { table rows sample }");
  expect(holdings).toContainEqual({
    table: "Later notes",
    rows: 1,
    sample: [{ tenant_id: tenant.tenantId, flow_run_id: id, note: "hello" }],
  });
  await cloud.database.pool.query(`drop table "Later notes"`);
});

test("a run that is not there, and text that is no id, are null", async () => {
  const query = `{ absent: flowRun(id: "01900000-0000-7000-8000-000000000000") { id } odd: flowRun(id: "../etc") { id } }`;
  expect(await cloud.ask(tenant, query)).toEqual({ absent: null, odd: null });
});
