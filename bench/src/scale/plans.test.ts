import { startTestCloud, type TestCloud } from "@weir/testing/cloud";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { commonQueries, enrol, runToShow, sendQuery } from "./common-queries.ts";
import { DASHBOARD_QUERIES } from "./dashboard-queries.ts";
import { growing, planOf, readCatalog, type Sent } from "./plan.ts";
import { seed } from "./seed.ts";

// The plans of what is asked most, on a database that is small, but large enough for the planner to choose as it does on a large one. The
// statements are those that the cloud sends: whatever becomes of them later is explained anew.

let cloud: TestCloud;
let catalog: Awaited<ReturnType<typeof readCatalog>>;
let session: string;

beforeAll(async () => {
  cloud = await startTestCloud();
  const { connectionString = "" } = cloud.database.pool.options;
  await seed(
    connectionString,
    cloud.tenantId,
    { tenants: 20, flowRuns: 20_000, taskRunsEach: 8, days: 2 },
    () => undefined,
  );
  catalog = await readCatalog(cloud.database.pool);
  session = await enrol(cloud.url, cloud.agentKey);
});
afterAll(() => cloud.stop());

interface Submitted {
  readonly text: string;
  readonly name?: string;
  readonly values?: readonly unknown[];
}

/** What the cloud in this process sends to Postgres while something is asked. */
async function sentDuring(work: () => Promise<unknown>): Promise<Sent[]> {
  const sent = new Map<string, Sent>();
  const query = pg.Query.prototype as unknown as { submit(this: Submitted, ...args: unknown[]): unknown };
  const submit = Reflect.get<typeof query, "submit">(query, "submit");
  const spy = vi.spyOn(query, "submit").mockImplementation(function submitted(this: Submitted, ...args) {
    sent.set(this.text, { text: this.text, values: this.values ?? [], named: this.name !== undefined });
    return submit.apply(this, args);
  });
  await work().finally(() => spy.mockRestore());
  return [...sent.values()].filter(({ text }) => /^\s*(select|with|insert|update|delete)\b/i.test(text));
}

async function growingOf(tenantId: string, sent: readonly Sent[]): Promise<string[]> {
  const client = await cloud.database.pool.connect();
  try {
    const found: string[] = [];
    for (const statement of sent) {
      const plan = await planOf(client, tenantId, statement);
      found.push(...growing(plan, catalog.filled, catalog.narrow).map((what) => `${what}: ${statement.text}`));
    }
    return found;
  } finally {
    client.release();
  }
}

test("no common query reads a large table or its index from end to end", async () => {
  const queries = commonQueries(await runToShow(cloud.database.pool, cloud.tenantId));
  const asked = [];
  for (const query of queries) {
    const key = query.path === "/graphql" ? cloud.userKey : session;
    const sent = await sentDuring(() => sendQuery(cloud.url, key, query));
    asked.push({ name: query.name, statements: sent.length > 0, growing: await growingOf(cloud.tenantId, sent) });
  }
  expect(asked).toEqual(queries.map(({ name }) => ({ name, statements: true, growing: [] })));
});

test("nothing that the dashboard asks for reads a large table or its index from end to end", async () => {
  const asked = [];
  for (const query of DASHBOARD_QUERIES) {
    const sent = await sentDuring(() => sendQuery(cloud.url, cloud.userKey, query));
    asked.push({ name: query.name, statements: sent.length > 0, growing: await growingOf(cloud.tenantId, sent) });
  }
  expect(asked).toEqual(DASHBOARD_QUERIES.map(({ name }) => ({ name, statements: true, growing: [] })));
});

test("neither an export of all that is held nor its erasure does", async () => {
  const headers = { authorization: `Bearer ${cloud.userKey}` };
  const exported = await sentDuring(async () => {
    const reply = await fetch(new URL("/export/holdings.ndjson", cloud.url), { headers });
    expect((await reply.text()).trimEnd().split("\n").at(-1)).toContain('"end":true');
  });
  expect(exported.length).toBeGreaterThan(20);
  expect(await growingOf(cloud.tenantId, exported)).toEqual([]);
  const { database, tenantId } = cloud;
  const { rows } = await database.pool.query<{ name: string }>("select name from tenants where id = $1", [tenantId]);
  const query = `mutation ($name: String!) { eraseHoldings(input: { tenantName: $name, before: "2000-01-01T00:00:00Z" }) {
    __typename ... on EraseHoldingsPayload { done runs } } }`;
  const erase = { name: "erase", path: "/graphql", body: { query, variables: rows[0] } } as const;
  const erased = await sentDuring(() => sendQuery(cloud.url, cloud.userKey, erase));
  expect(await growingOf(tenantId, erased)).toEqual([]);
});

test("what is looked for is found", async () => {
  const told = async (sql: string) => await growingOf(cloud.tenantId, [{ text: sql, values: [], named: false }]);
  expect(await told("select count(*) from task_runs")).not.toEqual([]);
  const own = `tenant_id = '${cloud.tenantId}'`;
  expect(await told(`select id from flow_runs where ${own} and state = 'Looped' order by id limit 1`)).toEqual([
    expect.stringMatching(/^\d{4} rows of flow_runs for nothing/),
  ]);
  expect(await told("select id from flow_runs order by id desc limit 10")).toEqual([
    expect.stringContaining("flow_runs_pkey from end to end"),
  ]);
});
