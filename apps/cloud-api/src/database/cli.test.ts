import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { createTestDatabase } from "@weir/testing/database";
import type { TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";

let made: TestDatabase;
beforeAll(async () => {
  made = await createTestDatabase("empty");
});
afterAll(() => made.drop());

function run(args: readonly string[], url = made.url): { status: number | null; out: string; err: string } {
  const env = { PATH: process.env.PATH, WEIR_DATABASE_URL: url };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "cli.ts"), ...args], {
    env,
    encoding: "utf8",
  });
  return { status, out: stdout, err: stderr };
}

test("migrate tells what it applied, and that there is nothing left the second time", () => {
  const first = run(["migrate"]);
  expect(first).toMatchObject({ status: 0, err: "" });
  expect(first.out).toMatch(/^(Applied \d{14}_\w+\n)+.*is up to date\.\n$/);
  expect(run(["migrate"]).out).not.toContain("Applied");
});

test("diff says that there is no drift", () => {
  expect(run(["diff"])).toEqual({
    status: 0,
    out: "No drift: the migrations make what prisma/schema.prisma says.\n",
    err: "",
  });
});

test("reset asks for --yes before it removes anything", () => {
  run(["migrate"]);
  const refused = run(["reset"]);
  expect(refused.status).toBe(64);
  expect(refused.err).toMatch(/This removes everything in 127\.0\.0\.1:\d+\/test_\w+, for good.*--yes/s);
  expect(run(["reset", "--yes"]).out).toMatch(/^Applied/);
});

test("a migration that broke off is told, and settled with --rolled-back", async () => {
  run(["reset", "--yes"]);
  await made.database.pool.query(
    "insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'x', '9_broken')",
  );
  expect(run(["migrate"])).toMatchObject({ status: 1, err: expect.stringContaining("9_broken began on") });
  expect(run(["migrate", "--rolled-back", "9_broken"])).toMatchObject({ status: 0, err: "" });
});

test("what is wrong is a sentence without a stack trace or a password", () => {
  const away = run(["migrate"], "postgres://weir:hunter2@127.0.0.1:9/weir");
  expect(away).toMatchObject({ status: 1, err: expect.stringContaining("nothing listens there") });
  const wrong = run(["migrate"], "weir:hunter2@db");
  expect(wrong).toMatchObject({ status: 1, err: expect.stringContaining("is not a Postgres URL") });
  expect(away.err + wrong.err).not.toMatch(/hunter2|\n {4}at /);
});

test("a wrong verb or flag points to the help, which has an example and the exit codes", () => {
  expect(run(["frob"])).toMatchObject({ status: 64, err: expect.stringContaining("See --help") });
  expect(run(["migrate", "--frob"])).toMatchObject({ status: 64, err: expect.stringContaining("--frob") });
  expect(run(["--help"])).toMatchObject({ status: 0, out: expect.stringMatching(/Exit codes:.*Example:/s) });
});
