import type { PoolClient } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HELD_TABLES, makeId } from "@weir/protocol";
import { schema } from "./schema.ts";
import { type Asker, askers } from "./testing/askers.ts";
import { makeIdentityProvider } from "./testing/furnish-people.ts";
import { furnishTenant } from "./testing/furnish-tenant.ts";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "./testing/graphql-fixture.ts";
import { narrowQueries, type NarrowQuery, queriesByName } from "./testing/narrow-queries.ts";
import { tenantTables } from "./testing/row-digests.ts";

// The cloud works as the administrator here, whom row-level security hides nothing from, and no key holds between the tables: the tenant in
// each statement of the code is all that is left. A row that carries another tenant's id must then be as good as absent to every field.

/** Tables whose rows no field of the schema shows, each with the reason. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  cached_results: "runners ask for them at the run door",
  idempotency_keys: "what was answered, kept sealed, for whoever asks by the same key",
  login_codes: "one-time codes of signing in",
  sso_identities: "who a provider says that a person is; asked when somebody signs in",
  tenant_log_bytes: "what the cloud counts",
  tenant_quotas: "what the operator allows",
  user_sessions: "browsers that are signed in; asked for by their cookie",
};

let cloud: GraphqlFixture;
let asker: Asker;
let own: TestTenant;
let foreign: string;
let queries: NarrowQuery[];

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  asker = (await askers(cloud))["code alone"];
  own = await cloud.makeTenant();
  const world = await furnishTenant(cloud, own, { canary: "own", rows: 2 });
  await makeIdentityProvider(cloud, own);
  await cloud.ask(own, `mutation { pauseQueue(input: { reason: "own" }) { __typename } }`);
  // Whether an agent is online must not change while tables are looked at.
  await cloud.database.pool.query("update agents set last_seen_at = now() + interval '1 hour'");
  foreign = makeId();
  await cloud.database.pool.query("insert into tenants (id, name) values ($1, 'foreign')", [foreign]);
  queries = [...narrowQueries(schema), ...queriesByName(schema, world)];
});
afterAll(async () => {
  await asker.close();
  await cloud.stop();
});

/** Differs from one time to the next: references to the log, and what is written a while after the request that it tells of. */
const OF_THE_MOMENT =
  /under [\w-]{36}\.|"last(Seen|Used)At":"[^"]*"|"(from|to)":"[^"]*"|"online":\w+|"silentSeconds":[-\d.e]+|\d+ s(econds)? ago/g;

async function answers(): Promise<Record<string, string>> {
  const told = Object.fromEntries(queries.map(({ name }) => [name, ""]));
  // As many at once as there are connections: on a busy machine, what waits for one is turned away.
  const waiting = [...queries];
  const askNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      told[next.name] = (await asker.ask(own.userKey, next.query)).replaceAll(OF_THE_MOMENT, "");
  };
  await Promise.all([askNext(), askNext(), askNext(), askNext()]);
  return told;
}

/** Runs work on a connection for which keys between tables are off. */
async function withoutKeys<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await cloud.database.pool.connect();
  try {
    await client.query("set session_replication_role = replica");
    return await work(client);
  } finally {
    await client.query("reset session_replication_role");
    client.release();
  }
}

/** The credential that asks stays: it is looked up before anybody's rows are. */
const KEPT: Readonly<Record<string, string>> = { api_keys: "name <> 'user key'" };

/** All but those that the database computes. */
async function writtenColumns(table: string): Promise<string> {
  const { rows } = await cloud.database.pool.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows[0]?.columns ?? "";
}

/** What is answered while a table's rows are another tenant's, and what when they are gone. They are there again afterwards. */
async function movedAndGone(table: string) {
  const { tenantId } = own;
  const columns = await writtenColumns(table);
  return await withoutKeys(async (client) => {
    const where = `tenant_id = $1 and ${KEPT[table] ?? "true"}`;
    await client.query("begin");
    await client.query(`create temp table kept on commit preserve rows as select * from ${table} where false`);
    await client.query(`insert into kept select * from ${table} where ${where}`, [tenantId]);
    const { rowCount } = await client.query(`update ${table} set tenant_id = $2 where ${where}`, [tenantId, foreign]);
    await client.query("commit");
    const moved = await answers();
    await client.query(`delete from ${table} where tenant_id = $1`, [foreign]);
    const gone = await answers();
    await client.query(`insert into ${table} (${columns}) overriding system value select ${columns} from kept`);
    await client.query("drop table kept");
    return { moved, gone, rows: rowCount ?? 0 };
  });
}

const TABLES = Object.entries(HELD_TABLES).flatMap(([table, { columns }]) => ("tenant_id" in columns ? [table] : []));

test("every table whose rows are a tenant's is looked at", async () => {
  expect(TABLES.toSorted()).toEqual((await tenantTables(cloud.database.pool)).toSorted());
  expect(Object.keys(NOT_SHOWN).filter((table) => !TABLES.includes(table))).toEqual([]);
});

test.each(TABLES)("rows of %s that carry another tenant's id are as good as absent to every field", async (table) => {
  const before = await answers();
  const { moved, gone, rows } = await movedAndGone(table);
  expect(moved).toEqual(gone);
  const isShown = JSON.stringify(moved) !== JSON.stringify(before);
  const advice = "give the tenant some in testing/furnish-tenant.ts, or say in NOT_SHOWN why nobody sees any";
  expect(isShown || NOT_SHOWN[table] !== undefined, `${rows} rows of ${table} show in no field: ${advice}`).toBe(true);
  expect(isShown && NOT_SHOWN[table] !== undefined, `rows of ${table} do show: take it out of NOT_SHOWN`).toBe(false);
  expect(await answers()).toEqual(before);
});

test("every object type that a query can answer is asked for", () => {
  const types = new Set(queries.map(({ name }) => name.split(".")[0]));
  for (const type of [
    "FlowRun",
    "TaskRun",
    "TaskRunState",
    "Log",
    "Artifact",
    "Agent",
    "TaskSlot",
    "Schedule",
    "SealKey",
  ])
    expect(types).toContain(type);
});
