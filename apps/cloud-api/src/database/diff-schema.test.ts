import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "@weir/testing/database";
import type { TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { diffSchema } from "./diff-schema.ts";
import { prismaDirectory } from "./migration-files.ts";

let made: TestDatabase;
beforeAll(async () => {
  made = await createTestDatabase("empty");
});
afterAll(() => made.drop());

test("the migrations make what the schema says", async () => {
  expect(await diffSchema(made.url)).toBeNull();
});

test("a comment that no migration writes is told as SQL, beside what the schema lacks", async () => {
  const directory = mkdtempSync(join(tmpdir(), "weir-diff-"));
  cpSync(prismaDirectory(), directory, { recursive: true });
  const migration = join(directory, "migrations", "20261121120100_column_comments", "migration.sql");
  const sql = readFileSync(migration, "utf8");
  writeFileSync(migration, sql.replace(/^COMMENT ON COLUMN "logs"."text" .*$/m, ""));
  const said = /^COMMENT ON COLUMN "logs"."text" IS 'class: log; [^']+';\n$/;
  expect(await diffSchema(made.url, { directory })).toMatch(said);
  const file = join(directory, "schema.prisma");
  writeFileSync(file, readFileSync(file, "utf8").replace("  recoveries ", "  mood String?\n  recoveries "));
  expect(await diffSchema(made.url, { directory })).toMatch(
    /ADD COLUMN +"mood" TEXT(.|\n)*COMMENT ON COLUMN "logs"."text"/,
  );
  rmSync(directory, { recursive: true });
});

test("a column, an index or an enum value that no migration makes is told as SQL, and nothing is left behind", async () => {
  const directory = mkdtempSync(join(tmpdir(), "weir-diff-"));
  cpSync(prismaDirectory(), directory, { recursive: true });
  const file = join(directory, "schema.prisma");
  const schema = readFileSync(file, "utf8")
    .replace("  recoveries ", "  mood String?\n  recoveries ")
    .replace("@@unique([tenantId, projectId, name])", "@@unique([projectId, name])")
    .replace("  Looped\n", "  Looped\n  Dreaming\n");
  writeFileSync(file, schema);
  const script = await diffSchema(made.url, { directory });
  rmSync(directory, { recursive: true });
  expect(script).toMatch(/ALTER TABLE "flow_runs" ADD COLUMN +"mood" TEXT/);
  expect(script).toContain('CREATE UNIQUE INDEX "flows_project_id_name_key" ON "flows"("project_id", "name")');
  expect(script).toContain("'Dreaming'");
  const { rows } = await made.database.pool.query(
    "select datname from pg_database where datname like 'weir\\_diff\\_%'",
  );
  expect(rows).toEqual([]);
});
