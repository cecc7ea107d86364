import { expect, test } from "vitest";
import { type MigrationRow, planMigrations } from "./plan-migrations.ts";

const migrations = ["1_a", "2_b"].map((name) => ({ name, sql: "", checksum: `sum of ${name}` }));

function row(name: string, change: Partial<MigrationRow> = {}): MigrationRow {
  return {
    migration_name: name,
    checksum: `sum of ${name}`,
    started_at: new Date("2026-01-02T03:04:05Z"),
    finished_at: new Date("2026-01-02T03:04:06Z"),
    rolled_back_at: null,
    logs: null,
    ...change,
  };
}

const plan = (...rows: MigrationRow[]) => planMigrations(migrations, rows).map((migration) => migration.name);

test("what is not there yet is to be applied, oldest first", () => {
  expect(plan()).toEqual(["1_a", "2_b"]);
  expect(plan(row("1_a"))).toEqual(["2_b"]);
  expect(plan(row("1_a"), row("2_b"))).toEqual([]);
});

test("one that was rolled back counts as never begun", () => {
  expect(plan(row("1_a"), row("2_b", { finished_at: null, rolled_back_at: new Date() }))).toEqual(["2_b"]);
});

test("a database that is ahead of this code, as beside a newer release, is left as it is", () => {
  expect(plan(row("1_a"), row("2_b"), row("3_c"))).toEqual([]);
});

test("one that began and never ended is told with its name, its time, what it said, and the two ways out", () => {
  const broken = () => plan(row("1_a"), row("2_b", { finished_at: null, logs: "ERROR: disk full\nmore" }));
  expect(broken).toThrow(
    /Migration 2_b began on 2026-01-02T03:04:05.000Z and never ended.*disk full.*--rolled-back 2_b.*--applied 2_b/s,
  );
});

test("one that was changed after it had been applied is told, with the day", () => {
  expect(() => plan(row("1_a", { checksum: "another" }))).toThrow(/1_a was changed after .* 2026-01-02T03:04:06/);
});
