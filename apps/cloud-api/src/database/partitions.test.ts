import { idTime, lowestIdAt, makeId } from "@weir/protocol";
import { createTestDatabase } from "@weir/testing/database";
import type { TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PARTITIONED_TABLES, ensurePartitions, partitionAt } from "./partitions.ts";

const DAY = 86_400_000;
// Far from today, for which the template has partitions already.
const NOON = Date.UTC(2031, 4, 5, 12);

let made: TestDatabase;
beforeAll(async () => {
  made = await createTestDatabase();
});
afterAll(() => made.drop());

async function insertLog(flowRunId: string): Promise<string> {
  const { rows } = await made.database.pool.query<{ place: string }>(
    `insert into logs (tenant_id, flow_run_id, at, number, attempt, level, text) values ($1, $2, now(), 1, 1, 30, 'line')
     returning tableoid::regclass::text as place`,
    [makeId(), flowRunId],
  );
  return rows[0]?.place ?? "";
}

test("a day's partition begins with the lowest id of that day and ends before the lowest of the next", () => {
  const { name, from, to } = partitionAt("logs", NOON);
  expect(name).toBe("logs_20310505");
  expect([idTime(from), idTime(to)]).toEqual([Date.UTC(2031, 4, 5), Date.UTC(2031, 4, 6)]);
});

test("an id of this moment falls into today's partition", async () => {
  const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  expect(await insertLog(makeId())).toBe(`partitions.logs_${today}`);
});

test("four replicas at once make each partition once: yesterday's to that of the day after tomorrow", async () => {
  const { pool } = made.database;
  const names = (await Promise.all([1, 2, 3, 4].map(() => ensurePartitions(pool, new Date(NOON))))).flat();
  const days = ["20310504", "20310505", "20310506", "20310507"];
  expect(names.sort()).toEqual(PARTITIONED_TABLES.flatMap((table) => days.map((day) => `${table}_${day}`)).sort());
  expect(await ensurePartitions(pool, new Date(NOON))).toEqual([]);
});

test("rows land in their day, to the millisecond; a day without a partition refuses them", async () => {
  const midnight = Date.UTC(2031, 4, 6);
  await ensurePartitions(made.database.pool, new Date(NOON));
  expect(await insertLog(lowestIdAt(midnight))).toBe("partitions.logs_20310506");
  expect(await insertLog(lowestIdAt(midnight - 1))).toBe("partitions.logs_20310505");
  await expect(insertLog(lowestIdAt(NOON + 9 * DAY))).rejects.toThrow('no partition of relation "logs" found for row');
});

test("partitions come while others write: a transaction that has written does not hold them up", async () => {
  const { pool } = made.database;
  const client = await pool.connect();
  await client.query("begin");
  await client.query(
    "insert into logs (tenant_id, flow_run_id, at, number, attempt, level, text) values ($1, $1, now(), 1, 1, 30, '')",
    [makeId()],
  );
  const names = await ensurePartitions(pool, new Date(NOON + 30 * DAY));
  await client.query("rollback");
  client.release();
  expect(names).toHaveLength(16);
});
