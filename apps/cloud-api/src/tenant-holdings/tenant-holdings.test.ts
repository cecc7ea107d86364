import { HELD_TABLES } from "@weir/protocol";
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
import { HELD_VALUES } from "./held-values.ts";
import { type ColumnHolding, HOLDINGS_BOUNDS, readTenantHoldings } from "./read-tenant-holdings.ts";

const SEALED = "sealed:eyJhbGciOiJkaXIifQ..x.y.z";
const PSEUDONYM = `pseudonym:${"a".repeat(43)}`;

let cloud: GraphqlFixture;
let tenant: TestTenant;
let run: string;

const sql = (text: string, values: unknown[] = []) => cloud.database.pool.query(text, values);

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  run = await createRun(cloud, tenant, "told", { parameters: { day: "monday" } });
  const agent = await enrolAgent(cloud, tenant);
  await agent.claim();
  const { begin, tasks } = storyOf(3);
  await agent.report(run, [...begin, ...tasks]);
});
afterAll(() => cloud.stop());

async function holdings(bounds = HOLDINGS_BOUNDS): Promise<Map<string, ColumnHolding>> {
  const told = await readTenantHoldings(cloud.database.pool, tenant.tenantId, bounds);
  return new Map(told.map((one) => [`${one.table}.${one.column}`, one]));
}

test("every column that may hold user data is looked at", () => {
  const wanted = Object.entries(HELD_TABLES).flatMap(([table, { columns }]) =>
    Object.entries(columns).flatMap(([column, { dataClass }]) =>
      dataClass === "metadata" ? [] : [`${table}.${column}`],
    ),
  );
  const looked = Object.entries(HELD_VALUES).flatMap(([table, columns]) =>
    Object.keys(columns).map((column) => `${table}.${column}`),
  );
  expect(looked.toSorted()).toEqual(wanted.toSorted());
});

/** Columns, what is written into all their rows, and what is then told of a value. */
const FORMS: readonly (readonly [string, string, "sealed" | "pseudonyms" | "plain" | "none"])[] = [
  ["flow_runs.parameters", `'{ "day": "monday" }'`, "plain"],
  ["flow_runs.parameters", `'{}'`, "none"],
  ["flow_runs.parameters", `'{ "$sealed": { "ciphertext": "x" } }'`, "sealed"],
  ["flow_runs.parameters", `'{ "$sealed": "x", "day": "monday" }'`, "plain"],
  ["flow_run_states.message", `'${SEALED}'`, "sealed"],
  ["flow_run_states.message", "'sealed: by hand'", "plain"],
  ["flow_run_states.failure", `'{ "name": "Sealed", "sealed": "${SEALED}" }'`, "sealed"],
  ["flow_run_states.failure", `'{ "name": "Error", "message": "no" }'`, "plain"],
  ["task_runs.run_name", `'${PSEUDONYM}'`, "pseudonyms"],
  ["task_runs.location", `'${SEALED}'`, "sealed"],
  ["task_runs.location", "'file:///results/1'", "plain"],
  ["task_runs.approval_message", "null", "none"],
  ["task_run_states.detail", `'{ "tryNumber": 1 }'`, "none"],
  ["task_run_states.detail", `'{ "message": "${SEALED}", "failure": { "sealed": "${SEALED}" } }'`, "sealed"],
  ["task_run_states.detail", `'{ "message": "${SEALED}", "failure": { "message": "no" } }'`, "plain"],
  ["task_run_states.detail", `'{ "message": "why" }'`, "plain"],
  ["logs.text", "''", "none"],
  ["logs.text", `'${SEALED}'`, "sealed"],
  ["logs.text", "'a line'", "plain"],
  ["flow_versions.storage", `'{ "kind": "sealed", "box": {} }'`, "sealed"],
  ["flow_versions.storage", `'{ "kind": "local" }'`, "plain"],
  ["flow_versions.schedules", `'[{ "name": "hourly" }]'`, "none"],
  ["flow_versions.schedules", `'[{ "parameters": { "$sealed": {} } }, { "name": "hourly" }]'`, "sealed"],
  ["flow_versions.schedules", `'[{ "parameters": { "$sealed": {} } }, { "parameters": { "a": 1 } }]'`, "plain"],
  ["agents.pause_reason", "'disk'", "plain"],
];

test.each(FORMS)("%s with %s is %s", async (place, value, told) => {
  const [table = "", column = ""] = place.split(".");
  const { rowCount } = await sql(`update ${table} set ${column} = ${value} where tenant_id = $1`, [tenant.tenantId]);
  const found = (await holdings()).get(place);
  const count = told === "none" ? 0 : rowCount;
  expect(rowCount).toBeGreaterThan(0);
  expect(found).toMatchObject({
    values: count,
    sealed: told === "sealed" ? count : 0,
    pseudonyms: told === "pseudonyms" ? count : 0,
    isMore: false,
  });
  expect(found?.sample === null).toBe(told === "none");
});

test("what is kept of cached results is digests, save their location; schedules, settings and the store are looked at as they lie", async () => {
  await sql(
    `insert into cached_results (tenant_id, key_hash, location_hash, at, flow_run_id, number, location, digests)
     values ($1, '\\x01', '\\x02', now(), $2, 1, 'file:///cached', '[{ "name": "a", "value": "b" }]')`,
    [tenant.tenantId, run],
  );
  await sql(
    `insert into schedules (id, tenant_id, flow_id, name, definition, definition_digest, planned_until)
     select uuidv7(), tenant_id, flow_id, 'nightly', '{ "parameters": { "$sealed": {} } }', '', now() from flow_runs where id = $1`,
    [run],
  );
  await sql("insert into kv_entries (tenant_id, key, value, updated_by) values ($1, 'mark', '7', 'key:1')", [
    tenant.tenantId,
  ]);
  const told = await holdings();
  expect(told.get("cached_results.key_hash")).toMatchObject({
    values: 1,
    pseudonyms: 1,
    sample: "01",
    dataClass: "digest",
  });
  expect(told.get("cached_results.digests")).toMatchObject({ values: 1, pseudonyms: 1 });
  expect(told.get("cached_results.location")).toMatchObject({
    values: 1,
    sealed: 0,
    pseudonyms: 0,
    sample: "file:///cached",
  });
  expect(told.get("schedules.definition")).toMatchObject({ values: 1, sealed: 1 });
  expect(told.get("kv_entries.value")).toMatchObject({ values: 1, sealed: 0, sample: "7", dataClass: "parameter" });
});

test("the newest value is the sample, cut", async () => {
  await sql("update logs set text = 'line ' || number where tenant_id = $1", [tenant.tenantId]);
  const { rows } = await sql("select text from logs where tenant_id = $1 order by number desc limit 1", [
    tenant.tenantId,
  ]);
  expect((await holdings()).get("logs.text")?.sample).toBe((rows as { text: string }[])[0]?.text);
  await sql("update logs set text = repeat('x', 500) where tenant_id = $1", [tenant.tenantId]);
  expect((await holdings()).get("logs.text")?.sample).toBe("x".repeat(200));
});

test("the newest are looked at: so many rows, so many bytes", async () => {
  const rows = (await holdings({ ...HOLDINGS_BOUNDS, rows: 2 })).get("task_runs.location");
  expect(rows).toMatchObject({ values: 2, isMore: true });
  const bytes = (await holdings({ ...HOLDINGS_BOUNDS, bytes: 1_100 })).get("logs.text");
  expect(bytes).toMatchObject({ values: 2, isMore: true });
  await createRun(cloud, tenant, "told");
  await createRun(cloud, tenant, "told");
  // There are more runs than are looked at: older ones may have artifacts.
  expect((await holdings({ ...HOLDINGS_BOUNDS, rows: 2 })).get("artifacts.data")).toMatchObject({
    values: 0,
    isMore: true,
  });
});

test("it is told over GraphQL, of one's own alone", async () => {
  const query = "{ holdings { table column about dataClass values sealed pseudonyms plain isMore sample } }";
  const asked = await cloud.ask<{ holdings: { table: string; column: string; values: number; plain: number }[] }>(
    tenant,
    query,
  );
  expect(asked.holdings).toContainEqual({
    table: "kv_entries",
    column: "value",
    about: "the value",
    dataClass: "parameter",
    values: 1,
    sealed: 0,
    pseudonyms: 0,
    plain: 1,
    isMore: false,
    sample: "7",
  });
  const other = await cloud.makeTenant();
  const of = await cloud.ask<typeof asked>(other, query);
  expect(of.holdings.every(({ values }) => values === 0)).toBe(true);
});

test("a registration is held as it came", async () => {
  const schedules = [{ name: "hourly", zone: "UTC", clock: { everySeconds: 3_600 }, parameters: { day: "monday" } }];
  const register = "mutation ($input: RegisterFlowInput!) { registerFlow(input: $input) { __typename } }";
  await cloud.ask(tenant, register, {
    input: { project: "default", registration: registration("clocked", { schedules }) },
  });
  const told = await holdings();
  expect(told.get("flow_versions.schedules")?.sample).toContain("monday");
  expect(told.get("flow_versions.storage")?.sample).toContain("clocked.ts");
  expect(told.get("schedules.definition")?.sample).toContain("monday");
});
