import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseUrls } from "./connection-options.ts";
import { openDatabase } from "./open-database.ts";
import { requireIsolation } from "./require-isolation.ts";

let made: TestDatabase;
/** Of the whole server, so it is this test's own. */
const login = `login_${process.pid}`;

beforeAll(async () => {
  made = await createTestDatabase();
  await made.database.pool.query(`create role ${login} login password 'p' in role weir_app`);
});
afterAll(async () => {
  await made.database.pool.query(`drop owned by ${login}`);
  await made.database.pool.query(`drop role ${login}`);
  await made.drop();
});

async function verdictOn(url: string): Promise<string> {
  const database = openDatabase({ url, maxConnections: 1 });
  try {
    return await requireIsolation(database.pool).then(
      () => "held",
      (error: unknown) => String(error),
    );
  } finally {
    await database.close();
  }
}

function loginUrl(): string {
  const url = new URL(made.url);
  url.username = login;
  url.password = "p";
  return url.href;
}

test("an administrator's login is refused, and taken as the cloud's role", async () => {
  expect(await verdictOn(made.url)).toMatch(/ISOLATION_MISSING|is not held by row-level security|owns the tables/);
  expect(await verdictOn(databaseUrls({ url: made.url }).app)).toBe("held");
});

test("an ordinary login of the cloud's role is taken; the owner of a table is not", async () => {
  expect(await verdictOn(loginUrl())).toBe("held");
  await made.database.pool.query(`alter table artifacts owner to ${login}`);
  expect(await verdictOn(loginUrl())).toContain(`The login ${login} owns the tables`);
  await made.database.pool.query(`alter table artifacts owner to current_user`);
});

test("an owner who is no administrator sees as little as the cloud's role", async () => {
  await made.database.pool.query(`alter table projects owner to ${login}`);
  await made.database.pool.query(`insert into tenants (id, name) values ('01900000-0000-7000-8000-000000000001', 't')`);
  await made.database.pool.query(
    `insert into projects (id, tenant_id, name) values ('01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-000000000001', 'p')`,
  );
  const client = new Client({ connectionString: loginUrl() });
  await client.connect();
  expect((await client.query("select id from projects")).rows).toEqual([]);
  await client.end();
  await made.database.pool.query(`alter table projects owner to current_user`);
});
