import { createTestDatabase } from "@weir/testing/database";
import { expect, onTestFinished, test } from "vitest";
import { startWeir, weir, written } from "../testing/weir.ts";

async function databaseUrl(from: "empty" | "migrated"): Promise<string> {
  const made = await createTestDatabase(from);
  onTestFinished(() => made.drop());
  return made.url;
}

test("migrate brings an empty database up to date, and says so", async () => {
  const env = { WEIR_DATABASE_URL: await databaseUrl("empty") };
  const first = await weir(["migrate"], { env });
  expect(first).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/Applied [\s\S]*up to date/) });
  const second = await weir(["migrate", "--json"], { env });
  expect([second.code, JSON.parse(second.out)]).toEqual([0, { migrated: true }]);
});

test("migrate without a database, or with one that is not there, is a sentence", async () => {
  expect(await weir(["migrate"])).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringMatching(/WEIR_DATABASE_URL is not set/),
  });
  const away = await weir(["migrate"], { env: { WEIR_DATABASE_URL: "postgresql://weir:hidden@127.0.0.1:1/weir" } });
  expect(away.code).toBe(1);
  expect(away.err).toMatch(/127\.0\.0\.1/);
  expect(away.err + away.out).not.toMatch(/hidden|\n\s+at /);
});

test("server start tells its URL once it listens, and ends with Ctrl-C", async () => {
  const env = { WEIR_DATABASE_URL: await databaseUrl("migrated"), WEIR_CLOUD_SECRET: "x".repeat(64) };
  const server = startWeir(["server", "start", "--port", "0", "--json"], { env });
  await written(server, "}\n");
  const { url } = JSON.parse(server.seen.out) as { url: string };
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  server.child.kill("SIGINT");
  expect((await server.ended).code).toBe(0);
});

test("a server that cannot start says why and is exit code 1", async () => {
  const env = { WEIR_DATABASE_URL: await databaseUrl("migrated") };
  const { code, err } = await weir(["server", "start", "--port", "0"], { env });
  expect([code, err]).toEqual([1, expect.stringMatching(/WEIR_CLOUD_SECRET/)]);
});
