import { lowestIdAt } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";

/** Tables that are cut into one partition per day (UTC) of their flow run's id. */
export const PARTITIONED_TABLES = ["task_runs", "task_run_states", "logs", "artifacts"] as const;

export const DAY_MS = 86_400_000;
/** Yesterday too: replicas' clocks differ, and the first start may be at midnight. Two days ahead: the loop may fail for as long. */
const DAYS = [-1, 0, 1, 2];
/** Key of the advisory lock under which partitions come and go. "weir" in ASCII, then 1. */
const LOCK = 0x77_65_69_72_01;

interface Partition {
  readonly table: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** The partition of a table for the day of a moment. Pure: its bounds are the lowest ids of that day and of the next. */
export function partitionAt(table: string, epochMs: number): Partition {
  const start = Math.floor(epochMs / DAY_MS) * DAY_MS;
  const day = new Date(start).toISOString().slice(0, 10).replaceAll("-", "");
  return { table, name: `${table}_${day}`, from: lowestIdAt(start), to: lowestIdAt(start + DAY_MS) };
}

/**
 * Makes the partitions of yesterday, today and the next two days where they are missing. May run on every replica at once.
 * @returns the names of those it made; empty when all were there, and then without any lock.
 */
export async function ensurePartitions(pool: Pool, now: Date): Promise<string[]> {
  const wanted = PARTITIONED_TABLES.flatMap((table) =>
    DAYS.map((day) => partitionAt(table, now.getTime() + day * DAY_MS)),
  );
  if (missing(wanted, await partitionNames(pool)).length === 0) return [];
  return await locked(pool, "5s", async (client) => {
    // Asked again: another replica may have made them while this one waited for the lock.
    const made = missing(wanted, await partitionNames(client));
    for (const partition of made) await makePartition(client, partition);
    return made.map((partition) => partition.name);
  });
}

function missing(wanted: readonly Partition[], names: readonly string[]): Partition[] {
  const there = new Set(names);
  return wanted.filter((partition) => !there.has(partition.name));
}

/** Names of all partitions that there are, `<table>_<day>`. Anybody may ask, the cloud's own role too. */
export async function partitionNames(db: Pick<Pool, "query">): Promise<string[]> {
  const { rows } = await db.query<{ relname: string }>(
    `select c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'partitions' and c.relispartition and c.relkind = 'r' order by c.relname`,
  );
  return rows.map((row) => row.relname);
}

async function makePartition(client: PoolClient, partition: Partition): Promise<void> {
  const name = `partitions.${client.escapeIdentifier(partition.name)}`;
  const parent = `public.${client.escapeIdentifier(partition.table)}`;
  // Made first and attached then: `create table … partition of` would lock out everyone who reads or writes the parent.
  await client.query(`create table ${name} (like ${parent} including all)`);
  await client.query(
    `alter table ${parent} attach partition ${name} for values from ('${partition.from}') to ('${partition.to}')`,
  );
}

/**
 * Runs work in a transaction of its own, alone among all who make or drop partitions.
 * @param lockTimeout how long it may wait for a table: whoever comes after it waits as long
 */
export async function locked<T>(pool: Pool, lockTimeout: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    await client.query(`set local lock_timeout = '${lockTimeout}'`);
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    // Closed rather than rolled back: whatever state the connection is in, the server ends the transaction with it.
    client.release(true);
    throw error;
  }
}
