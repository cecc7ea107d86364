import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Writable } from "node:stream";
import { makeId } from "@weir/protocol";
import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dumpDatabase, type DumpedRow } from "./dump-database.ts";
import { ensurePartitions } from "./partitions.ts";

const CANARY = "canary-d0d0";
const LINES = 1_234;

let made: TestDatabase;
const [tenant, run] = [makeId(), makeId()];
beforeAll(async () => {
  made = await createTestDatabase();
  const { pool } = made.database;
  await ensurePartitions(pool, new Date());
  await pool.query("insert into tenants (id, name) values ($1, $2)", [tenant, `"${CANARY}" \n 'ü'`]);
  await pool.query(
    `insert into logs (tenant_id, flow_run_id, attempt, number, at, level, text)
     select $1, $2, 1, n, now(), 30, $3 || n from generate_series(1, $4) n`,
    [tenant, run, CANARY, LINES],
  );
  await pool.query("create schema elsewhere; create table elsewhere.later (note text)");
  await pool.query("insert into elsewhere.later values ($1)", [CANARY]);
});
afterAll(() => made.drop());

/** A dump, taken in slowly: each piece only after a turn of the event loop. */
async function dump(): Promise<{ rows: DumpedRow[]; told: number; pieces: number }> {
  const texts: string[] = [];
  const out = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      texts.push(chunk.toString());
      setImmediate(done);
    },
  });
  const told = await dumpDatabase(made.url, out);
  const lines = texts.join("").trimEnd().split("\n");
  return { rows: lines.map((line) => JSON.parse(line) as DumpedRow), told, pieces: texts.length };
}

test("every row of every table is dumped whole, those of partitions, of other schemas and of the migrations too", async () => {
  const { rows, told, pieces } = await dump();
  expect(told).toBe(rows.length);
  expect(pieces).toBeGreaterThan(3);
  const own = rows.filter(({ sample }) => sample !== true);
  const count = (table: RegExp) => own.filter((row) => table.test(row.table)).length;
  expect(count(/^partitions\.logs_\d{8}$/)).toBe(LINES);
  expect(own).toContainEqual({ table: "elsewhere.later", row: { note: CANARY } });
  expect(own.find(({ table }) => table === "public.tenants")?.row).toMatchObject({
    id: tenant,
    name: `"${CANARY}" \n 'ü'`,
  });
  const { rows: migrations } = await made.database.pool.query("select 1 from _prisma_migrations");
  expect(count(/^public\._prisma_migrations$/)).toBe(migrations.length);
});

test("what the planner keeps of values is dumped as well, though the row is deleted", async () => {
  const { pool } = made.database;
  await pool.query("create table elsewhere.gone (secret text)");
  await pool.query("insert into elsewhere.gone select $1 from generate_series(1, 50)", [`${CANARY}-gone`]);
  await pool.query("analyze elsewhere.gone; delete from elsewhere.gone");
  const { rows } = await dump();
  expect(rows.filter(({ table }) => table === "elsewhere.gone")).toEqual([
    { table: "elsewhere.gone", sample: true, row: { secret: [[`${CANARY}-gone`], null, null] } },
  ]);
});

test("the command writes JSON lines and nothing else to stdout", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "cli.ts"), "dump"], {
    env: { PATH: process.env.PATH, WEIR_DATABASE_URL: made.url },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(status).toBe(0);
  expect(stderr).toMatch(/^\d+ rows of 127\.0\.0\.1:\d+\/test_\w+ were written\.\n$/);
  const tables = stdout
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as DumpedRow).table);
  expect(tables.filter((table) => table.startsWith("partitions.logs_"))).toHaveLength(LINES);
});

test("a database that is away is told in a sentence", async () => {
  const url = "postgres://weir:hunter2@127.0.0.1:9/weir";
  await expect(dumpDatabase(url, process.stdout)).rejects.toThrow(/nothing listens there/);
});
