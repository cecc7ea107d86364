import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@weir/testing/database";
import type { TestDatabase } from "@weir/testing/database";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrate, settleMigration } from "./migrate.ts";
import { migrationsDirectory, readMigrations } from "./migration-files.ts";
import { resetDatabase } from "./reset-database.ts";
import { startEngine } from "./schema-engine.ts";

let made: TestDatabase;
let directory: string;

beforeEach(async () => {
  made = await createTestDatabase("empty");
  directory = mkdtempSync(join(tmpdir(), "weir-migrations-"));
});
afterEach(async () => {
  rmSync(directory, { recursive: true });
  await made.drop();
});

function write(name: string, sql: string): void {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, "migration.sql"), sql);
}

async function tables(): Promise<string[]> {
  const { rows } = await made.database.pool.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_name <> '_prisma_migrations' order by 1",
  );
  return rows.map((row) => row.name);
}

test("an empty database gets all migrations, and a second time none", async () => {
  const all = readMigrations(migrationsDirectory()).map((migration) => migration.name);
  expect(await migrate(made.url)).toEqual(all);
  expect(await migrate(made.url)).toEqual([]);
  expect(await tables()).toContain("flow_runs");
});

test("of three replicas that start at once, one applies and the others wait for it", async () => {
  write("1_slow", "create table once (id int); select pg_sleep(0.2);");
  const applied = await Promise.all([1, 2, 3].map(() => migrate(made.url, { directory })));
  expect(applied.flat()).toEqual(["1_slow"]);
});

test("Prisma's own engine finds the history in order", async () => {
  await migrate(made.url);
  const engine = await startEngine("", made.database.pool);
  const migrationDirectories = readMigrations(migrationsDirectory()).map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: sql } },
  }));
  const lockfile = { path: "migration_lock.toml", content: 'provider = "postgresql"\n' };
  const found = await engine.diagnoseMigrationHistory({
    migrationsList: { baseDir: "/", lockfile, shadowDbInitScript: "", migrationDirectories },
    optInToShadowDatabase: false,
    filters: { externalTables: [], externalEnums: [] },
  });
  engine.free();
  expect(found).toMatchObject({
    hasMigrationsTable: true,
    editedMigrationNames: [],
    failedMigrationNames: [],
    history: null,
  });
});

test("a migration that fails leaves nothing of itself, says which line, and is tried again when it was corrected", async () => {
  write("1_good", "create table good (id int);");
  write("2_bad", "create table half (id int);\n\ncreate table half (id int);");
  await expect(migrate(made.url, { directory })).rejects.toThrow(
    /Migration 2_bad failed.*relation "half" already exists.*Nothing of it stayed/,
  );
  expect(await tables()).toEqual(["good"]);
  write("2_bad", "create table whole (id int);\ncreat table x ();");
  await expect(migrate(made.url, { directory })).rejects.toThrow(/Migration 2_bad failed at line 2: syntax error/);
  write("2_bad", "create function f() returns int language plpgsql as $$ begin return 1; end $$;");
  expect(await migrate(made.url, { directory })).toEqual(["2_bad"]);
});

test("one that broke off by other means blocks the start until a person has settled it", async () => {
  await migrate(made.url, { directory });
  await made.database.pool.query(
    "insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'whatever', '1_half')",
  );
  write("1_half", "create table half (id int);");
  await expect(migrate(made.url, { directory })).rejects.toMatchObject({ code: "MIGRATION_HALF_APPLIED" });
  await settleMigration(made.url, "1_half", "rolled-back");
  expect(await migrate(made.url, { directory })).toEqual(["1_half"]);
  await expect(settleMigration(made.url, "1_half", "applied")).rejects.toThrow("No migration 1_half stands open");
});

test("a file that was changed after it had been applied is told", async () => {
  write("1_a", "create table a (id int);");
  await migrate(made.url, { directory });
  write("1_a", "create table a (id bigint);");
  await expect(migrate(made.url, { directory })).rejects.toMatchObject({ code: "MIGRATION_CHANGED" });
});

test("a database that is away is a sentence", async () => {
  const away = "postgres://weir:hunter2@127.0.0.1:9/weir";
  await expect(migrate(away, { directory })).rejects.toThrow(
    /^Postgres at 127.0.0.1:9\/weir cannot be reached: nothing listens there/,
  );
});

test("reset removes everything, the partitions' schema included, and migrates afresh", async () => {
  await migrate(made.url);
  await made.database.pool.query("create table partitions.left_over (id int); create table public.mine (id int)");
  expect(await resetDatabase(made.url)).not.toEqual([]);
  expect(await tables()).not.toContain("mine");
  const { rows } = await made.database.pool.query("select from pg_class where relname = 'left_over'");
  expect(rows).toEqual([]);
});
