import { makeId } from "@weir/protocol";
import type { Pool } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { furnishTenant } from "../graphql/testing/furnish-tenant.ts";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { acrossTenants, inTenant } from "./tenant-scope.ts";

// What the database itself holds when a statement of ours forgets its tenant. Every table is looked at, those too that are added later.

let cloud: GraphqlFixture;
let a: TestTenant;
let b: TestTenant;
/** As the cloud works: no owner, no administrator. */
let app: Pool;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  app = cloud.deps.database.pool;
  a = await cloud.makeTenant();
  b = await cloud.makeTenant();
  await furnishTenant(cloud, a, { canary: "a" });
});
afterAll(() => cloud.stop());

/** Accounts are of no tenant: people/accounts-isolation.test.ts looks at them. */
const ACCOUNTS = ["login_attempts", "user_credentials", "users"];

async function tables(): Promise<{ name: string; column: string }[]> {
  const { rows } = await cloud.database.pool.query<{ name: string; column: string }>(
    `select c.relname as name, case c.relname when 'tenants' then 'id' else 'tenant_id' end as column from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations' order by 1`,
  );
  return rows;
}

const tablesOfTenants = async () => (await tables()).filter(({ name }) => !ACCOUNTS.includes(name));

async function count(table: string, where = "true"): Promise<number> {
  const { rows } = await app.query<{ n: number }>(`select count(*)::int4 as n from ${table} where ${where}`);
  return rows[0]?.n ?? Number.NaN;
}

test("row-level security is enabled and forced on every table, with a policy for reading and one for writing", async () => {
  const { rows } = await cloud.database.pool.query<{ name: string; policies: string[] }>(
    `select c.relname as name, array(select p.policyname || case when p.qual is not null and p.qual = p.with_check then '' else ' one-sided' end
       from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname) as policies
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
       and c.relrowsecurity and c.relforcerowsecurity order by 1`,
  );
  expect(rows).toEqual((await tables()).map(({ name }) => ({ name, policies: ["tenant"] })));
});

test("every table of tenants has the same policy: those also that no test here has rows of", async () => {
  const { rows } = await cloud.database.pool.query<{ name: string; policy: string }>(
    "select tablename as name, qual as policy from pg_policies where schemaname = 'public' and not tablename = any($1) order by 1",
    [ACCOUNTS],
  );
  const own = (column: string) =>
    `((${column} = ( SELECT tenancy.tenant() AS tenant)) OR ( SELECT tenancy.is_every_tenant() AS is_every_tenant))`;
  expect(rows).toEqual((await tablesOfTenants()).map(({ name, column }) => ({ name, policy: own(column) })));
});

test("the cloud's role is no owner, no administrator, and sees nothing beside the tables", async () => {
  const { rows } = await app.query(`select current_user as name, rolsuper, rolbypassrls, rolcreaterole, rolcanlogin,
    exists (select from pg_class where relowner = r.oid) as owns, has_schema_privilege('partitions', 'usage') as partitions,
    has_table_privilege('_prisma_migrations', 'select') as migrations from pg_roles r where rolname = current_user`);
  const no = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcanlogin: false };
  expect(rows).toEqual([{ name: "weir_app", ...no, owns: false, partitions: false, migrations: false }]);
});

test("a statement without a tenant sees its own tenant's rows alone; outside of every scope none; the loops all", async () => {
  const seen = [];
  for (const { name, column } of await tablesOfTenants()) {
    const all = await acrossTenants("the test", () => count(name));
    if (all === 0) continue;
    seen.push(name);
    expect([name, await count(name)]).toEqual([name, 0]);
    expect([name, await inTenant(makeId(), () => count(name))]).toEqual([name, 0]);
    expect([name, await inTenant(b.tenantId, () => count(name, `${column} <> '${b.tenantId}'`))]).toEqual([name, 0]);
    expect([name, await inTenant(a.tenantId, () => count(name))]).not.toEqual([name, 0]);
  }
  expect(seen.length).toBeGreaterThan(20);
});

/** Rows of a tenant that are removed. From some tables, such as the audit log, the cloud may remove nothing at all. */
async function removed(table: string, column: string, tenantId: string): Promise<number | null> {
  try {
    return (await app.query(`delete from ${table} where ${column} = '${tenantId}'`)).rowCount;
  } catch (error) {
    expect(error).toMatchObject({ code: "42501" });
    return 0;
  }
}

test("no row can be moved to another tenant, nor written for it", async () => {
  for (const { name, column } of await tablesOfTenants()) {
    const rows = await inTenant(a.tenantId, () => count(name));
    if (rows === 0) continue;
    const moved = inTenant(a.tenantId, () => app.query(`update ${name} set ${column} = '${b.tenantId}'`));
    await expect(moved).rejects.toMatchObject({ code: "42501" });
    const before = await acrossTenants("the test", () => count(name));
    const changed = await inTenant(b.tenantId, () => removed(name, column, a.tenantId));
    expect([name, changed]).toEqual([name, 0]);
    expect(await acrossTenants("the test", () => count(name))).toBe(before);
  }
  const project = `insert into projects (id, tenant_id, name) values ('${makeId()}', '${a.tenantId}', 'foreign')`;
  await expect(inTenant(b.tenantId, () => app.query(project))).rejects.toMatchObject({ code: "42501" });
  await expect(app.query(project)).rejects.toMatchObject({ code: "42501" });
});

test("statements that wait for a connection keep the scope of whoever sent them", async () => {
  const tenants = [a.tenantId, b.tenantId];
  const asked = Array.from({ length: 200 }, (_, index) => tenants[index % 2] ?? "");
  const answers = await Promise.all(
    asked.map((tenant) => inTenant(tenant, () => app.query<{ id: string }>("select id from tenants"))),
  );
  expect(answers.map(({ rows }) => rows.map(({ id }) => id).join())).toEqual(asked);
});

test("requests at one moment, each with its own key, are each answered for their own tenant", async () => {
  const asked = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? a : b));
  const answers = await Promise.all(
    asked.map((tenant) => cloud.ask<{ viewer: { tenant: { id: string } } }>(tenant, "{ viewer { tenant { id } } }")),
  );
  expect(answers.map(({ viewer }) => viewer.tenant.id)).toEqual(asked.map(({ tenantId }) => tenantId));
});

test("look-ups by key of one moment are not joined into one statement of one of the tenants", async () => {
  const { prisma } = cloud.deps.database;
  const asked = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? a : b).tenantId);
  const found = await Promise.all(
    asked.map((id) => inTenant(id, async () => await prisma.tenant.findUnique({ where: { id } }))),
  );
  expect(found.map((tenant) => tenant?.id)).toEqual(asked);
});

test("a statement that fails leaves nothing of its tenant behind", async () => {
  await expect(inTenant(a.tenantId, () => app.query("select 1 / 0"))).rejects.toMatchObject({ code: "22012" });
  await expect(inTenant(a.tenantId, () => app.query({ name: "no", text: "select nothing" }))).rejects.toMatchObject({
    code: "42703",
  });
  const client = await app.connect();
  try {
    await inTenant(a.tenantId, () => client.query("select 1"));
    expect((await client.query("select id from tenants")).rows).toEqual([]);
    const { rows } = await client.query("select current_setting('weir.tenant', true) as tenant");
    expect(rows).toEqual([{ tenant: "" }]);
  } finally {
    client.release();
  }
});

test("within a transaction each statement is of whoever sends it, whoever sent the one before", async () => {
  const client = await app.connect();
  const seen = async () =>
    (await client.query<{ id: string }>("select id from tenants order by id")).rows.map(({ id }) => id);
  const setting = async () => (await client.query("select current_setting('weir.tenant', true) as tenant")).rows[0];
  try {
    await inTenant(a.tenantId, () => client.query("begin"));
    expect(await inTenant(a.tenantId, seen)).toEqual([a.tenantId]);
    expect(await inTenant(b.tenantId, seen)).toEqual([b.tenantId]);
    expect(await inTenant(a.tenantId, seen)).toEqual([a.tenantId]);
    // Ended by nobody: what the next transaction may see is set anew.
    await client.query("commit");
    expect(await setting()).toEqual({ tenant: "" });
    await client.query("begin");
    expect(await inTenant(a.tenantId, seen)).toEqual([a.tenantId]);
    await expect(inTenant(a.tenantId, () => client.query("select 1 / 0"))).rejects.toMatchObject({ code: "22012" });
    await inTenant(a.tenantId, () => client.query("rollback"));
    expect(await seen()).toEqual([]);
    expect(await inTenant(a.tenantId, seen)).toEqual([a.tenantId]);
  } finally {
    client.release();
  }
});
