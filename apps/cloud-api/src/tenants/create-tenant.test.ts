import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticateKey } from "../api-keys/api-keys.ts";
import { prove } from "../people/accounts.ts";
import { acceptInvitation } from "../people/invitations.ts";
import { beginSession } from "../people/sessions.ts";
import { createSecrets } from "../secrets.ts";

const run = promisify(execFile);
const SECRET = Buffer.alloc(32, 7).toString("base64url");
let database: Awaited<ReturnType<typeof createTestDatabase>>;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function main(...args: string[]) {
  const env = {
    PATH: process.env.PATH,
    WEIR_DATABASE_URL: database.url,
    WEIR_CLOUD_SECRET: SECRET,
    WEIR_PUBLIC_URL: "https://weir.example",
  };
  return run(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], { env });
}

test("a tenant gets two keys that open its own tenant, each in its scope", async () => {
  const { stdout } = await main("create-tenant", "acme");
  const keys = [...stdout.matchAll(/weir_[ua]_\w+/g)].map(([key]) => key);
  const principals = await Promise.all(
    keys.map((key) => authenticateKey(database.database.pool, createSecrets(SECRET), key)),
  );
  expect(principals.map(({ scope }) => scope)).toEqual(["user", "agent"]);
  expect(new Set(principals.map(({ tenantId }) => tenantId)).size).toBe(1);
});

test("what the operator does is written down in the tenant's audit log", async () => {
  await main("create-tenant", "audited");
  const { rows } = await database.database.pool.query(
    `select e.action, e.actor_kind as kind, e.outcome, e.target_id = t.id::text as own
     from audit_entries e join tenants t on t.id = e.tenant_id where t.name = 'audited'`,
  );
  expect(rows).toEqual([{ action: "create-tenant", kind: "system", outcome: "done", own: true }]);
});

test("a name that is taken is a sentence, and makes no key", async () => {
  await main("create-tenant", "twice");
  const before = await database.database.pool.query("select count(*) from api_keys");
  await expect(main("create-tenant", "twice")).rejects.toMatchObject({
    code: 1,
    stderr: 'There is a tenant "twice" already; choose another name.\n',
  });
  expect((await database.database.pool.query("select count(*) from api_keys")).rows).toEqual(before.rows);
});

test("the owner gets a link, with which an account is made; the operator sets its password anew", async () => {
  const { stdout } = await main("create-tenant", "owned", "--owner", "Ada@X.example");
  const [, token = ""] = /^owner {6}https:\/\/weir\.example\/auth\/invitation#([\w-]+)$/m.exec(stdout) ?? [];
  const { pool } = database.database;
  const secrets = createSecrets(SECRET);
  const person = { email: "ada@x.example", address: "::1" };
  const joined = await acceptInvitation(pool, secrets, { token, password: "correct horse battery", address: "::1" });
  const { rows } = await pool.query("select role from memberships where user_id = $1", [joined.userId]);
  expect(rows).toEqual([{ role: "owner" }]);
  await beginSession(pool, secrets, { ...joined, method: "password" });
  const setting = main("set-password", "ada@x.example");
  setting.child.stdin?.end("another horse battery\n");
  expect((await setting).stdout).toContain("ada@x.example has a new password");
  expect(await prove(pool, secrets, { ...person, password: "another horse battery" })).toBe(joined.userId);
  const open = await pool.query("select from user_sessions where revoked_at is null");
  expect(open.rowCount).toBe(0);
});

test("a wrong verb tells the right one", async () => {
  await expect(main("make", "x")).rejects.toMatchObject({
    code: 64,
    stderr: expect.stringContaining("create-tenant NAME") as string,
  });
});
