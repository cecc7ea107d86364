import { HELD_TABLES } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeIdentityProvider } from "../../graphql/testing/furnish-people.ts";
import { furnishTenant } from "../../graphql/testing/furnish-tenant.ts";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../../graphql/testing/graphql-fixture.ts";
import { exportHoldings } from "./export-holdings.ts";
import { LEFT_OUT_COLUMNS, LEFT_OUT_TABLES } from "./left-out.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
let other: TestTenant;

const sql = (text: string, values: unknown[] = []) => cloud.database.pool.query(text, values);

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  other = await cloud.makeTenant();
  const { run } = await furnishTenant(cloud, tenant, { canary: "own", rows: 2 });
  await furnishTenant(cloud, other, { canary: "foreign", rows: 1 });
  await makeIdentityProvider(cloud, tenant);
  await cloud.ask(tenant, `mutation { pauseQueue(input: { reason: "disk" }) { __typename } }`);
  await sql(
    `insert into cached_results (tenant_id, key_hash, location_hash, at, flow_run_id, number, location, digests)
     select $1, int8send(n), '\\x02', now(), $2, 1, 'file:///cached', '[]' from generate_series(1, 450) n`,
    [tenant.tenantId, run],
  );
  // More than a page, in each of several runs.
  await sql(
    `insert into logs (tenant_id, flow_run_id, at, number, attempt, level, text)
     select $1, id, now(), 1000 + n, 1, 30, 'line ' || n from flow_runs, generate_series(1, 150) n where tenant_id = $1`,
    [tenant.tenantId],
  );
  for (let i = 0; i < 45; i += 1) await createRun(cloud, tenant, "many");
});
afterAll(() => cloud.stop());

interface Line {
  readonly table?: string;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly end?: boolean;
  readonly rows?: Readonly<Record<string, number>>;
}

const get = (key: string) =>
  cloud.app.inject({ method: "GET", url: "/export/holdings.ndjson", headers: { authorization: `Bearer ${key}` } });

async function exported(): Promise<{ text: string; lines: Line[] }> {
  const reply = await get(tenant.userKey);
  expect([reply.statusCode, reply.headers["content-type"]]).toEqual([200, "application/x-ndjson; charset=utf-8"]);
  return {
    text: reply.body,
    lines: reply.body
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Line),
  };
}

const AUDIT = new Set(["audit_entries", "audit_heads"]);

test("every row of every table is there, once, and nobody else's", async () => {
  const { text, lines } = await exported();
  const rows = Map.groupBy(
    lines.filter(({ table }) => table !== undefined),
    ({ table }) => table,
  );
  for (const [table, { columns }] of Object.entries(HELD_TABLES)) {
    if (!("tenant_id" in columns) || LEFT_OUT_TABLES[table] !== undefined) continue;
    const { rows: wanted } = await sql(`select to_jsonb(t) - $2::text[] as row from ${table} t where tenant_id = $1`, [
      tenant.tenantId,
      LEFT_OUT_COLUMNS[table] ?? [],
    ]);
    const told = (rows.get(table) ?? []).map(({ row }) => JSON.stringify(row)).toSorted();
    // The export itself is in the audit log before it has ended, and keys are used.
    if (AUDIT.has(table) || table === "api_keys") expect(told.length, table).toBeGreaterThan(0);
    else expect(told, table).toEqual((wanted as Line[]).map(({ row }) => JSON.stringify(row)).toSorted());
  }
  expect(rows.get("logs")?.length).toBeGreaterThan(600);
  expect(rows.get("cached_results")).toHaveLength(450);
  expect(rows.get("tenants")).toHaveLength(1);
  expect(rows.get("users")?.length).toBeGreaterThan(0);
  expect(text).not.toContain("foreign");
  expect(text).not.toContain(other.tenantId);
  const counts = Object.fromEntries([...rows].map(([table, of]) => [table, of.length]));
  const end = lines.at(-1);
  expect(end).toMatchObject({ end: true, rows: counts });
  expect(lines[0]).toMatchObject({ tenantId: tenant.tenantId, leftOut: { columns: LEFT_OUT_COLUMNS } });
});

test("what is left out is named, and is nobody's data: every other column of bytes is a digest of the audit log or the cache", async () => {
  const { lines } = await exported();
  for (const [table, columns] of Object.entries(LEFT_OUT_COLUMNS)) {
    const rows = lines.filter((line) => line.table === table);
    expect(rows.length, table).toBeGreaterThan(0);
    for (const { row } of rows) for (const column of columns) expect(row).not.toHaveProperty(column);
  }
  const { rows: bytes } = await sql(
    `select table_name || '.' || column_name as name, table_name as table, column_name as column from information_schema.columns
     where table_schema = 'public' and data_type = 'bytea' order by 1`,
  );
  const open = (bytes as { name: string; table: string; column: string }[]).filter(
    ({ table, column }) => LEFT_OUT_TABLES[table] === undefined && LEFT_OUT_COLUMNS[table]?.includes(column) !== true,
  );
  expect(open.map(({ name }) => name).filter((name) => !/^(audit_|cached_results\.)/.test(name))).toEqual([
    // Of accounts, which are in no tenant: an export has the table users of them, and no other.
    "user_credentials.totp_secret",
  ]);
});

/** Of the last entries about exports, newest first. */
async function outcomes(): Promise<string[]> {
  const { rows } = await sql(
    "select outcome from audit_entries where tenant_id = $1 and action = 'exportHoldings' order by sequence desc limit 4",
    [tenant.tenantId],
  );
  return (rows as { outcome: string }[]).map(({ outcome }) => outcome);
}

test("it needs tenant:write, and stands in the audit log, denied or done", async () => {
  const make = `mutation { createApiKey(input: { name: "admin", scope: user, role: "admin" }) { ... on CreateApiKeyPayload { secret: key } } }`;
  const made = await cloud.ask<{ createApiKey: { secret: string } }>(tenant, make);
  const refused = await get(made.createApiKey.secret);
  expect([refused.statusCode, refused.json()]).toMatchObject([
    403,
    { code: "FORBIDDEN", message: expect.stringContaining("tenant:write") },
  ]);
  await exported();
  await expect.poll(outcomes).toEqual(["done", "asked", "denied", "asked"]);
});

function pagesOf(checkCredential = async () => {}) {
  const { pool } = cloud.deps.database;
  const asked: string[] = [];
  const query = (text: string, values: unknown[]) => {
    asked.push(text);
    return pool.query(text, values);
  };
  const pages = exportHoldings({
    pool: { query } as never,
    tenantId: tenant.tenantId,
    at: new Date(),
    checkCredential,
  });
  return { asked, pages };
}

test("pages are read as they are asked for, and are small", async () => {
  const { asked, pages } = pagesOf();
  for (let i = 0; i < 5; i += 1) await pages.next();
  expect(asked.length).toBeLessThan(12);
  for await (const page of pages) expect(page.split("\n").length).toBeLessThanOrEqual(201);
});

test("it ends when the credential holds no more", async () => {
  let checks = 0;
  const { pages } = pagesOf(async () => {
    checks += 1;
    if (checks > 3) throw new Error("revoked");
  });
  const read = async () => {
    const told: string[] = [];
    for await (const page of pages) told.push(page);
    return told;
  };
  await expect(read()).rejects.toThrow("revoked");
});

test("one at a time, as fast as it is read; one that is cut off is told in the audit log, and then another may begin", async () => {
  // Long enough not to be in a socket's buffers.
  await sql(
    `insert into logs (tenant_id, flow_run_id, at, number, attempt, level, text)
     select tenant_id, id, now(), 5000 + n, 1, 30, repeat('long ', 20000)
     from (select tenant_id, id from flow_runs where tenant_id = $1 limit 1) r, generate_series(1, 400) n`,
    [tenant.tenantId],
  );
  const at = await cloud.app.listen({ port: 0, host: "127.0.0.1" });
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${tenant.userKey}` };
  const first = await fetch(`${at}/export/holdings.ndjson`, { headers, signal: stop.signal });
  expect(first.status).toBe(200);
  expect((await get(tenant.userKey)).json()).toMatchObject({ code: "CONFLICT" });
  expect((await get(other.userKey)).statusCode).toBe(200);
  stop.abort();
  await expect.poll(async () => (await outcomes())[0], { timeout: 10_000 }).toBe("failed");
  expect((await exported()).lines.at(-1)).toMatchObject({ end: true });
});
