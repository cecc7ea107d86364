import { lowestIdAt } from "@weir/protocol";
import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeTenant } from "../run-door/testing/door-fixture.ts";
import { dropPartitionsBefore } from "./drop-partitions.ts";
import { openDatabase } from "./open-database.ts";
import { DAY_MS, ensurePartitions, PARTITIONED_TABLES, partitionAt, partitionNames } from "./partitions.ts";

let made: TestDatabase;
let tenantId: string;
/** A week of May 2031, far from today, for which the template has partitions already. Each test has a year of its own. */
let week: number;

beforeAll(async () => {
  made = await createTestDatabase();
  tenantId = await makeTenant(made.database.pool);
  week = Date.UTC(2031, 4, 5, 12);
});
beforeEach(async () => {
  await made.database.pool.query("delete from flow_runs");
  week += 365 * DAY_MS;
  await dropPartitionsBefore(made.database.pool, new Date(week - 30 * DAY_MS));
  await ensurePartitions(made.database.pool, new Date(week));
});
afterAll(() => made.drop());

const days = (count: number) => new Date(week + count * DAY_MS);
const dayOf = (count: number) => partitionAt("", days(count).getTime()).name.slice(1);
/** Partitions of a day that are there. */
const kept = async (count: number) =>
  (await partitionNames(made.database.pool)).filter((name) => name.endsWith(dayOf(count)));

/** A run that was made on a day of the week. */
async function makeRun(at: Date, state: string, endedAt: Date | null = null): Promise<string> {
  const id = lowestIdAt(at.getTime());
  const isHeld = ["Submitted", "Running", "Cancelling"].includes(state);
  await made.database.pool.query(
    `insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time, ended_at, lease_expires_at)
     select $1, v.tenant_id, v.flow_id, v.id, 'run', '{}', '{}', $3::state, now(), $4, case when $5 then now() end from flow_versions v where v.tenant_id = $2`,
    [id, tenantId, state, endedAt, isHeld],
  );
  return id;
}

test("retention drops all of the days that lie wholly before a moment, and nothing of that day or later", async () => {
  await makeRun(days(-1), "Success", days(-1));
  const young = lowestIdAt(days(0).getTime());
  await made.database.pool.query(
    "insert into logs (tenant_id, flow_run_id, at, number, attempt, level, text) values ($1, $2, now(), 1, 1, 30, 'line')",
    [tenantId, young],
  );
  const dropped = await dropPartitionsBefore(made.database.pool, days(0));
  expect(dropped.kept).toEqual([]);
  expect(dropped.partitions).toEqual(
    expect.arrayContaining(PARTITIONED_TABLES.map((table) => `${table}_${dayOf(-1)}`)),
  );
  expect([await kept(-1), (await kept(0)).length]).toEqual([[], PARTITIONED_TABLES.length]);
  expect((await made.database.pool.query("select from logs where flow_run_id = $1", [young])).rowCount).toBe(1);
  expect((await dropPartitionsBefore(made.database.pool, days(0))).partitions).toEqual([]);
});

test.each(["Scheduled", "Paused", "Resume", "Retrying", "Submitted", "Running", "Cancelling"])(
  "a run that is %s keeps its day, however old that is, and no other",
  async (state) => {
    const runId = await makeRun(days(0), state);
    const dropped = await dropPartitionsBefore(made.database.pool, days(30));
    expect(dropped.kept).toEqual([{ day: dayOf(0), runId }]);
    expect([(await kept(0)).length, await kept(-1), await kept(1)]).toEqual([PARTITIONED_TABLES.length, [], []]);
  },
);

test("a run that was made long before its time keeps its day until it has been over for as long as others", async () => {
  await makeRun(days(0), "Success", days(20));
  await dropPartitionsBefore(made.database.pool, days(20));
  expect(await kept(0)).toHaveLength(PARTITIONED_TABLES.length);
  await dropPartitionsBefore(made.database.pool, new Date(days(20).getTime() + 1));
  expect(await kept(0)).toEqual([]);
});

test("a run that begins again while a day is being dropped keeps it", async () => {
  const { pool } = made.database;
  const runId = await makeRun(days(-1), "Failed", days(-1));
  const client = await pool.connect();
  await client.query("begin");
  // As a restart does: it reads the task runs, and writes then.
  await client.query("select from task_runs where flow_run_id = $1", [runId]);
  await client.query("update flow_runs set state = 'Scheduled', ended_at = null where id = $1", [runId]);
  const dropping = dropPartitionsBefore(pool, days(0));
  await expect
    .poll(
      async () =>
        (await pool.query("select from pg_locks where not granted and relation = 'task_runs'::regclass")).rowCount,
    )
    .toBe(1);
  await client.query("commit");
  client.release();
  expect(await dropping).toMatchObject({ kept: [{ day: dayOf(-1), runId }] });
  expect(await kept(-1)).toHaveLength(PARTITIONED_TABLES.length);
});

test("a table that stays busy is left for the next time, and what follows it too", async () => {
  const { pool } = made.database;
  const client = await pool.connect();
  await client.query("begin");
  await client.query("select from logs");
  const refused = await dropPartitionsBefore(pool, days(0)).catch((error: unknown) => error);
  await client.query("rollback");
  client.release();
  expect(refused).toMatchObject({ code: "55P03" });
  expect(await kept(-1)).toEqual([`artifacts_${dayOf(-1)}`, `logs_${dayOf(-1)}`]);
  await dropPartitionsBefore(pool, days(0));
  expect(await kept(-1)).toEqual([]);
});

test("four replicas at once drop each day, and nobody fails", async () => {
  const { pool } = made.database;
  const dropped = await Promise.all([1, 2, 3, 4].map(() => dropPartitionsBefore(pool, days(0))));
  expect(dropped.flatMap(({ partitions }) => partitions)).toContain(`logs_${dayOf(-1)}`);
  expect(await kept(-1)).toEqual([]);
});

test("an owner that row-level security holds too sees the runs that keep a day", async () => {
  const { pool } = made.database;
  const owner = `owner_${process.pid}`;
  const runId = await makeRun(days(-1), "Paused");
  const url = new URL(made.url);
  await pool.query(`create role ${owner} login password 'p'`);
  await pool.query(
    `grant all on all tables in schema public, partitions to ${owner}; grant usage on schema partitions, tenancy to ${owner}`,
  );
  [url.username, url.password] = [owner, "p"];
  const asOwner = openDatabase({ url: url.href, maxConnections: 1 });
  const dropped = await dropPartitionsBefore(asOwner.pool, days(0)).finally(() => asOwner.close());
  expect(dropped.kept).toEqual([{ day: dayOf(-1), runId }]);
  await pool.query(`drop owned by ${owner}; drop role ${owner}`);
});
