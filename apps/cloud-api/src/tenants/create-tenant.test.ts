import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticateKey } from "../api-keys/api-keys.ts";
import { createSecrets } from "../secrets.ts";

const run = promisify(execFile);
const SECRET = Buffer.alloc(32, 7).toString("base64url");
let database: Awaited<ReturnType<typeof createTestDatabase>>;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function main(...args: string[]) {
  const env = { PATH: process.env.PATH, WEIR_DATABASE_URL: database.url, WEIR_CLOUD_SECRET: SECRET };
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

test("a name that is taken is a sentence, and makes no key", async () => {
  await main("create-tenant", "twice");
  const before = await database.database.pool.query("select count(*) from api_keys");
  await expect(main("create-tenant", "twice")).rejects.toMatchObject({
    code: 1,
    stderr: 'There is a tenant "twice" already; choose another name.\n',
  });
  expect((await database.database.pool.query("select count(*) from api_keys")).rows).toEqual(before.rows);
});

test("a wrong verb tells the right one", async () => {
  await expect(main("make", "x")).rejects.toMatchObject({
    code: 64,
    stderr: expect.stringContaining("create-tenant NAME") as string,
  });
});
