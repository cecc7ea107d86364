import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeId } from "@weir/protocol";
import { createTestDatabase } from "@weir/testing/database";
import { expect, test } from "vitest";
import { databaseUrls } from "../database/connection-options.ts";
import { migrate, openDatabase } from "../database/index.ts";
import { migrationsDirectory } from "../database/migration-files.ts";
import { acrossTenants, inTenant } from "../database/tenant-scope.ts";

// Accounts of people are of no tenant, so their tables are not isolated as the others are.

const [A, B] = [makeId(), makeId()];

test("a tenant sees the accounts of its members alone, changes no others, and never what opens one", async () => {
  const made = await createTestDatabase();
  const app = openDatabase({ url: databaseUrls({ url: made.url }).app });
  const { pool } = made.database;
  for (const tenant of [A, B]) {
    await pool.query("insert into tenants (id, name) values ($1, $2)", [tenant, tenant]);
    await pool.query("insert into users (id, email) values ($1, $2)", [tenant, tenant]);
    await pool.query("insert into memberships (id, tenant_id, user_id, role) values ($1, $2, $2, 'owner')", [
      makeId(),
      tenant,
    ]);
    await pool.query("insert into user_credentials (user_id, password_hash) values ($1, 'x')", [tenant]);
    await pool.query("insert into login_attempts values ($1, 1, now())", [tenant]);
  }
  const seen = async (sql: string) => (await app.pool.query<{ id: string }>(sql)).rows.map(({ id }) => id);
  const users = "select id from users order by id";
  expect(await seen(users)).toEqual([]);
  expect(await inTenant(A, () => seen(users))).toEqual([A]);
  expect(await acrossTenants("the test", () => seen(users))).toEqual([A, B].toSorted());
  for (const secret of [
    "select user_id as id from user_credentials",
    "select subject::uuid as id from login_attempts",
  ]) {
    expect(await inTenant(A, () => seen(secret))).toEqual([]);
    expect(await acrossTenants("the test", () => seen(secret))).toHaveLength(2);
  }
  const renamed = await inTenant(B, () => app.pool.query("update users set name = 'mine' where id = $1", [A]));
  expect(renamed.rowCount).toBe(0);
  for (const sql of [
    `insert into users (id, email) values ('${makeId()}', 'c')`,
    `insert into user_credentials (user_id) values ('${A}')`,
    "insert into login_attempts values ('c', 1, now())",
  ])
    await expect(inTenant(A, () => app.pool.query(sql))).rejects.toMatchObject({ code: "42501" });
  await app.close();
  await made.drop();
});

test("accounts of before become one for each address, a member of each tenant that had it; keys keep their owner", async () => {
  const made = await createTestDatabase("empty");
  const directory = mkdtempSync(join(tmpdir(), "weir-people-"));
  for (const name of readdirSync(migrationsDirectory()).filter((each) => each < "20261121161500"))
    cpSync(join(migrationsDirectory(), name), join(directory, name), { recursive: true });
  await migrate(made.url, { directory });
  const { pool } = made.database;
  const [first, second, other, key] = [makeId(), makeId(), makeId(), makeId()];
  for (const tenant of [A, B]) await pool.query("insert into tenants (id, name) values ($1, $2)", [tenant, tenant]);
  await pool.query(
    "insert into users (id, tenant_id, email) values ($1, $2, 'Ada@x.example'), ($3, $4, 'ada@x.example'), ($5, $4, 'bob@x.example')",
    [first, A, second, B, other],
  );
  await pool.query(
    "insert into api_keys (id, tenant_id, user_id, name, scope, lookup, hash) values ($1, $2, $3, 'k', 'user', 'l', '')",
    [key, B, second],
  );
  const people = "20261121161500_people";
  cpSync(join(migrationsDirectory(), people), join(directory, people), { recursive: true });
  expect(await migrate(made.url, { directory })).toEqual([people]);
  expect((await pool.query("select id, email from users order by email")).rows).toEqual([
    { id: first, email: "ada@x.example" },
    { id: other, email: "bob@x.example" },
  ]);
  const { rows } = await pool.query("select tenant_id as t, user_id as u, role from memberships");
  expect(new Set(rows)).toEqual(
    new Set([
      { t: A, u: first, role: "owner" },
      { t: B, u: first, role: "owner" },
      { t: B, u: other, role: "owner" },
    ]),
  );
  expect((await pool.query("select user_id from api_keys")).rows).toEqual([{ user_id: first }]);
  rmSync(directory, { recursive: true });
  await made.drop();
});
