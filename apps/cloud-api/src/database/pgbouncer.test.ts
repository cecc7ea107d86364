import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../api-keys/api-keys.ts";
import { cloudConfig } from "../config.ts";
import { makeTenant, send, TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, log, task } from "../run-door/testing/events.ts";
import { createSecrets } from "../secrets.ts";
import { type RunningCloud, startCloud } from "../start-cloud.ts";
import { startPgBouncer, type TestPgBouncer } from "../testing/test-pgbouncer.ts";
import { createWake } from "../wake/wake.ts";
import { openDatabase } from "./open-database.ts";
import { inTenant } from "./tenant-scope.ts";

// The cloud behind a pooler in transaction mode: each transaction goes to whichever server connection is free, whoever had it before.

const SECRET = randomBytes(32).toString("base64url");
/** Of the whole server, so it is this test's own. */
const LOGIN = `weir_cloud_${process.pid}`;

let made: TestDatabase;
let pooler: TestPgBouncer;
let cloud: RunningCloud;
let directUrl: string;
/** Longest poll of an hour: only a NOTIFY can wake a claim in time. */
const config = { port: 0, secret: SECRET, logLevel: "silent", pollSeconds: 3600 };

beforeAll(async () => {
  made = await createTestDatabase();
  await made.database.pool.query(`create role ${LOGIN} login password 'p' in role weir_app`);
  const direct = new URL(made.url);
  [direct.username, direct.password] = [LOGIN, "p"];
  directUrl = direct.href;
  pooler = await startPgBouncer(directUrl);
  cloud = await startCloud(cloudConfig({ ...config, database: { url: pooler.url, ownerUrl: made.url, directUrl } }));
});
afterAll(async () => {
  await cloud.stop();
  await pooler.stop();
  await made.database.pool.query(`drop role ${LOGIN}`);
  await made.drop();
});

interface Tenant {
  readonly tenantId: string;
  readonly userKey: string;
  readonly agent: TestAgent;
}

async function enrolTenant(name: string): Promise<Tenant> {
  const { pool } = made.database;
  const tenantId = await makeTenant(pool);
  const secrets = createSecrets(SECRET);
  const user = { tenantId, name: "user", scope: "user" as const, rights: { role: "owner" as const } };
  const [{ key: userKey }, { key: agentKey }] = [
    await createApiKey(pool, secrets, user),
    await createApiKey(pool, secrets, { tenantId, name: "agent", scope: "agent" }),
  ];
  return { tenantId, userKey, agent: await TestAgent.enrol(cloud.url, agentKey, name) };
}

async function ask<T>(tenant: Tenant, query: string): Promise<T> {
  const { body } = await send<{ data: T }>(cloud.url, "/graphql", tenant.userKey, { query });
  if (body.data === undefined || "errors" in body) throw new Error(JSON.stringify(body));
  return body.data;
}

const CREATE = `mutation { createFlowRun(input: { project: "p", flow: "f", parameters: {} }) { ... on CreateFlowRunPayload { flowRun { id } } } }`;
const LIST = `{ viewer { tenant { id } } flowRuns(first: 100) { nodes { id taskRuns(first: 5) { nodes { number state } } logs(first: 5) { nodes { text } } } } }`;

interface Listed {
  readonly viewer: { readonly tenant: { readonly id: string } };
  readonly flowRuns: {
    readonly nodes: readonly { readonly id: string; readonly logs: { nodes: { text: string }[] } }[];
  };
}

/** A run from its start to its end; then everything that the tenant can see. */
async function playRun(tenant: Tenant): Promise<Listed & { readonly id: string }> {
  const { createFlowRun } = await ask<{ createFlowRun: { flowRun: { id: string } } }>(tenant, CREATE);
  const run = await tenant.agent.claimOne();
  await tenant.agent.reported(run, 1, [flow("Running"), declare(1), log(tenant.tenantId, { number: 1 })]);
  await tenant.agent.reported(run, 4, [task(1, "Running"), task(1, "Success"), flow("Success")]);
  return { id: createFlowRun.flowRun.id, ...(await ask<Listed>(tenant, LIST)) };
}

async function playRuns(tenant: Tenant, runs: number): Promise<void> {
  const own: string[] = [];
  for (let played = 0; played < runs; played += 1) {
    const { id, viewer, flowRuns } = await playRun(tenant);
    own.unshift(id);
    expect(viewer.tenant.id).toBe(tenant.tenantId);
    expect(flowRuns.nodes.map((run) => run.id)).toEqual(own);
    expect(new Set(flowRuns.nodes.flatMap((run) => run.logs.nodes.map(({ text }) => text)))).toEqual(
      new Set([tenant.tenantId]),
    );
  }
}

test("tenants at one moment each enrol, start, claim, report and read, and see their own alone", async () => {
  const tenants = await Promise.all(["a", "b", "c", "d", "e", "f"].map(enrolTenant));
  await Promise.all(tenants.map((tenant) => playRuns(tenant, 10)));
});

test("a run that is created wakes a claim that waits: the one connection that listens goes past the pooler", async () => {
  const tenant = await enrolTenant("waiting");
  const waiting = tenant.agent.claim({ waitSeconds: 30 });
  const { createFlowRun } = await ask<{ createFlowRun: { flowRun: { id: string } } }>(tenant, CREATE);
  expect((await waiting).runs.map(({ runId }) => runId)).toEqual([createFlowRun.flowRun.id]);
});

test("a pool's settings and its tenant come with each statement, and nothing of them stays on the server's connection", async () => {
  const settings = { plan_cache_mode: "force_generic_plan", enable_seqscan: "off" };
  const database = openDatabase({ url: pooler.url, settings });
  const wanted = `select current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as scans,
    coalesce(current_setting('weir.tenant', true), '') as tenant`;
  const tenant = "01900000-0000-7000-8000-000000000001";
  try {
    const named = { name: "settings", text: `${wanted} where $1`, values: [true] };
    const many = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const query = () => database.pool.query(named);
        return index % 2 === 0 ? inTenant(tenant, query) : query();
      }),
    );
    const set = { plans: "force_generic_plan", scans: "off", tenant };
    const unset = { plans: "auto", scans: "on", tenant: "" };
    expect(many.map(({ rows: [row] }) => row)).toEqual(many.map((_, index) => (index % 2 ? unset : set)));
  } finally {
    await database.close();
  }
});

test("a cloud that could only listen through the pooler says so, and polls", async () => {
  const told: unknown[] = [];
  const warned = new Promise<void>((resolve) => {
    const wake = createWake(pooler.url, {
      info: () => undefined,
      warn: (...words: unknown[]) => resolve(void told.push(...words, wake)),
    });
  });
  await warned;
  expect(told[0]).toContain("WEIR_DATABASE_DIRECT_URL");
});
