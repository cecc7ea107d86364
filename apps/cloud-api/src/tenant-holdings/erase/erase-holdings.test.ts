import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { furnishTenant } from "../../graphql/testing/furnish-tenant.ts";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "../../graphql/testing/graphql-fixture.ts";
import { rowDigests } from "../../graphql/testing/row-digests.ts";
import { readTenantHoldings } from "../read-tenant-holdings.ts";
import { LOCK_ERASABLE_RUNS } from "./erase-holdings.sql.ts";
import { type Erased, eraseHoldings } from "./erase-holdings.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
});
beforeEach(async () => {
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const ERASE = `mutation ($input: EraseHoldingsInput!) { eraseHoldings(input: $input) {
  __typename ... on EraseHoldingsPayload { done runs flows } ... on Refusal { code message } } }`;
type Answer = Erased & { readonly __typename: string; readonly code: string; readonly message: string };

async function erase(input: object = {}): Promise<Answer> {
  const named = { tenantName: `tenant ${tenant.tenantId}`, ...input };
  return (await cloud.ask<{ eraseHoldings: Answer }>(tenant, ERASE, { input: named })).eraseHoldings;
}

const sql = (text: string, values: unknown[] = [tenant.tenantId]) => cloud.database.pool.query(text, values);

/** Nobody holds a run any more. */
const letGo = () =>
  sql(
    "update flow_runs set state = 'Crashed', lease_expires_at = null, ended_at = now() where tenant_id = $1 and lease_expires_at is not null",
  );

/** Columns of user data in which there is something. */
async function filled(): Promise<string[]> {
  const told = await readTenantHoldings(cloud.database.pool, tenant.tenantId);
  return told.flatMap(({ table, column, values }) => (values > 0 ? [`${table}.${column}`] : []));
}

const count = async (table: string) => (await sql(`select from ${table} where tenant_id = $1`)).rowCount;

/** Some of everything, and what hangs on no run. */
async function furnish(canary: string): Promise<void> {
  const { run } = await furnishTenant(cloud, tenant, { canary, rows: 2 });
  await sql("update agents set pause_reason = 'disk', paused_at = now(), paused_by = 'ada' where tenant_id = $1");
  await sql("insert into queue_pauses (tenant_id, paused_by, reason) values ($1, 'ada', 'disk')");
  await sql("update flow_settings set parameter_defaults = '{ \"a\": 1 }' where tenant_id = $1");
  await sql(
    `insert into cached_results (tenant_id, key_hash, location_hash, at, flow_run_id, number, location, digests)
     values ($1, '\\x01', '\\x02', now(), $2, 1, 'file:///cached', '[]'), ($1, '\\x02', '\\x03', now(), uuidv7(), 1, 'file:///cached', '[]')`,
    [tenant.tenantId, run],
  );
  await letGo();
}

test("runs with all of their history, the store and what people said go; flows and people stay", async () => {
  await furnish("erased");
  const before = {
    flows: await count("flows"),
    versions: await count("flow_versions"),
    members: await count("memberships"),
    keys: await count("api_keys"),
  };
  expect(await filled()).toEqual(
    expect.arrayContaining([
      "logs.text",
      "artifacts.data",
      "kv_entries.value",
      "agents.pause_reason",
      "cached_results.location",
    ]),
  );
  const runs = await count("flow_runs");
  expect(await erase()).toMatchObject({ done: true, runs, flows: 0 });
  expect(await filled()).toEqual(["flow_versions.storage", "flow_settings.parameter_defaults"]);
  expect(await count("flow_runs")).toBe(0);
  expect({
    flows: await count("flows"),
    versions: await count("flow_versions"),
    members: await count("memberships"),
    keys: await count("api_keys"),
  }).toEqual(before);
  expect(before.members).toBeGreaterThan(0);
});

test("with flows, no user data is left, and nobody else's is touched", async () => {
  const other = await cloud.makeTenant();
  await furnishTenant(cloud, other, { canary: "kept" });
  const kept = await rowDigests(cloud.database.pool, other.tenantId);
  await furnish("gone");
  const flows = await count("flows");
  expect(await erase({ flows: true })).toMatchObject({ done: true, flows });
  expect(await filled()).toEqual([]);
  for (const table of ["flows", "flow_versions", "schedules", "tasks", "flow_runs", "logs"])
    expect(await count(table), table).toBe(0);
  expect(await count("projects")).toBeGreaterThan(0);
  expect(await rowDigests(cloud.database.pool, other.tenantId)).toEqual(kept);
});

test("a moment bounds what goes, and then the rest stays", async () => {
  const old = await createRun(cloud, tenant, "nightly");
  const { rows } = await sql("select created_at + interval '1 millisecond' as at from flow_runs where id = $1", [old]);
  const at = (rows as { at: Date }[])[0]?.at;
  await expect.poll(() => Date.now() > (at?.getTime() ?? 0) + 1).toBe(true);
  const young = await createRun(cloud, tenant, "nightly");
  await sql("insert into kv_entries (tenant_id, key, value, updated_by) values ($1, 'mark', '7', 'key:1')");
  expect(await erase({ before: at?.toISOString() })).toMatchObject({ done: true, runs: 1 });
  expect((await sql("select id from flow_runs where tenant_id = $1")).rows).toEqual([{ id: young }]);
  expect(await count("kv_entries")).toBe(1);
  expect(await erase({ before: at?.toISOString(), flows: true })).toMatchObject({ code: "INVALID" });
});

test("while an agent holds a run that would be erased, nothing is; one that is younger does no harm", async () => {
  const id = await createRun(cloud, tenant, "held");
  const agent = await enrolAgent(cloud, tenant);
  await agent.claim();
  await agent.report(id, storyOf(1).begin);
  const waiting = await createRun(cloud, tenant, "held");
  const refused = await erase();
  expect(refused).toMatchObject({ code: "CONFLICT", message: expect.stringContaining("(Running)") });
  expect(await count("flow_runs")).toBe(2);
  // Nor is one that an agent claims while others are erased.
  expect((await sql(LOCK_ERASABLE_RUNS, [tenant.tenantId, null, 10])).rows).toEqual([{ id: waiting }]);
  expect(await erase({ before: "2020-01-01T00:00:00Z" })).toMatchObject({ done: true, runs: 0 });
});

test("another name than the tenant's erases nothing", async () => {
  await createRun(cloud, tenant, "kept");
  expect(await erase({ tenantName: "tenant" })).toMatchObject({
    code: "INVALID",
    message: expect.stringContaining("not the name"),
  });
  expect(await count("flow_runs")).toBe(1);
});

test("what schedules made ahead stays with their flow, and what is overdue does not", async () => {
  const ahead = await createRun(cloud, tenant, "clocked", { scheduledStartTime: "2099-01-01T00:00:00Z" });
  const byHand = await createRun(cloud, tenant, "clocked", { scheduledStartTime: "2099-01-01T00:00:00Z" });
  const due = await createRun(cloud, tenant, "clocked");
  await sql(
    `with made as (insert into schedules (id, tenant_id, flow_id, name, definition, definition_digest, planned_until)
       select uuidv7(), tenant_id, flow_id, 'hourly', '{}', '', now() from flow_runs where id = $1 returning id, tenant_id)
     insert into schedule_slots (tenant_id, schedule_id, slot, flow_run_id)
     select tenant_id, id, now() + n * interval '1 hour', r from made, unnest($2::uuid[]) with ordinality u(r, n)`,
    [ahead, [ahead, due]],
  );
  expect(await erase()).toMatchObject({ done: true, runs: 2 });
  expect((await sql("select id from flow_runs where tenant_id = $1")).rows).toEqual([{ id: ahead }]);
  expect(byHand).not.toBe(ahead);
});

test("a part with each call, until all is gone", async () => {
  await furnish("parts");
  const wish = { tenantId: tenant.tenantId, tenantName: `tenant ${tenant.tenantId}`, before: null, flows: true };
  const parts: Erased[] = [];
  do parts.push(await eraseHoldings(cloud.database.pool, wish, new Date(), { runs: 3, flows: 2, rows: 1 }));
  while (parts.at(-1)?.done === false && parts.length < 50);
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.at(-1)?.done).toBe(true);
  expect(Math.max(...parts.map(({ runs }) => runs))).toBe(3);
  expect(await filled()).toEqual([]);
  expect([await count("flow_runs"), await count("flows"), await count("kv_entries")]).toEqual([0, 0, 0]);
});

test("whoever may not write the tenant may not erase, and what was erased is audited", async () => {
  const make = `mutation { createApiKey(input: { name: "admin", scope: user, role: "admin" }) { ... on CreateApiKeyPayload { key } } }`;
  const { createApiKey } = await cloud.ask<{ createApiKey: { key: string } }>(tenant, make);
  const input = { tenantName: `tenant ${tenant.tenantId}` };
  const { body } = await cloud.post<{ eraseHoldings: Answer }>(createApiKey.key, ERASE, { input });
  expect(body.data?.eraseHoldings.code).toBe("FORBIDDEN");
  await erase();
  const { rows } = await sql(
    "select outcome from audit_entries where tenant_id = $1 and action = 'eraseHoldings' order by sequence",
  );
  expect(rows.map(({ outcome }: { outcome: string }) => outcome)).toEqual(expect.arrayContaining(["asked", "done"]));
});
