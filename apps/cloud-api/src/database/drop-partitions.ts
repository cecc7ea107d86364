import { isTerminal, lowestIdAt, STATE_NAMES } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { DAY_MS, locked, PARTITIONED_TABLES, partitionAt, partitionNames } from "./partitions.ts";
import { acrossTenants } from "./tenant-scope.ts";

/** A day that is old enough to be dropped, and was kept for a run that was made on it. */
export interface KeptDay {
  /** `20310505`, in UTC. */
  readonly day: string;
  /** The oldest run that keeps it. */
  readonly runId: string;
}

/** What retention did. */
export interface Dropped {
  /** Names of the partitions that are gone. */
  readonly partitions: readonly string[];
  readonly kept: readonly KeptDay[];
}

const TERMINAL = STATE_NAMES.filter(isTerminal)
  .map((state) => `'${state}'`)
  .join(", ");

/** $1 and $2: the lowest id of the day and of the next, $3 moment */
const KEEPS_DAY = `select id from flow_runs
  where id >= $1::uuid and id < $2::uuid and (state not in (${TERMINAL}) or ended_at >= $3) order by id limit 1`;

/**
 * Drops the partitions of all days that lie wholly before a moment: how retention forgets, without deleting a row. A day stays for as long as a run
 * that was made on it is not over, or ended after that moment: a run may be made months before its time, and its rows lie in the day of its id.
 *
 * Each partition goes in a transaction of its own, and none waits for a lock longer than a second: what a busy table refused now goes next time.
 * @param pool of the tables' owner: the cloud's own role may not drop them
 * @throws DatabaseError when a table was too busy
 */
export async function dropPartitionsBefore(pool: Pool, moment: Date): Promise<Dropped> {
  const dropped: string[] = [];
  const kept: KeptDay[] = [];
  for (const [day, tables] of await daysBefore(pool, moment)) {
    const runId = await dropDay(pool, day, tables, moment, dropped);
    if (runId !== null) kept.push({ day, runId });
  }
  return { partitions: dropped, kept };
}

/** Tables that have a partition of a day, by day, oldest first. Of a day that another time left half dropped: those that are left. */
async function daysBefore(pool: Pool, moment: Date): Promise<Map<string, string[]>> {
  const first = dayOf(partitionAt("", moment.getTime()).name);
  const there = new Set(await partitionNames(pool));
  const days = new Set([...there].map(dayOf).filter((day) => day < first));
  const tablesOf = (day: string) => PARTITIONED_TABLES.filter((table) => there.has(`${table}_${day}`));
  return new Map([...days].toSorted().map((day) => [day, tablesOf(day)]));
}

const dayOf = (name: string) => name.slice(name.lastIndexOf("_") + 1);

/** Answers the run that keeps the day, or null when all of it is gone. */
async function dropDay(pool: Pool, day: string, tables: readonly string[], moment: Date, dropped: string[]) {
  const start = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`);
  const keeper = (db: Pool | PoolClient) => keeperOf(db, start, moment);
  // Before anything is locked: reading the runs of a large day that nobody has looked at for weeks takes seconds.
  const before = await keeper(pool);
  if (before !== null) return before;
  for (const table of tables) {
    const name = `${table}_${day}`;
    const after = await locked(pool, "1s", async (client) => {
      // Asked again behind the lock. A restart reads the run's task runs before it begins it again, in one transaction: it has committed, and is
      // seen here, or it waits for this lock, and finds the day gone.
      await client.query(`lock table only public.${client.escapeIdentifier(table)} in access exclusive mode`);
      const found = await keeper(client);
      if (found === null) await client.query(`drop table if exists partitions.${client.escapeIdentifier(name)}`);
      return found;
    });
    if (after !== null) return after;
    dropped.push(name);
  }
  return null;
}

async function keeperOf(db: Pool | PoolClient, start: number, moment: Date): Promise<string | null> {
  const day = [lowestIdAt(start), lowestIdAt(start + DAY_MS)];
  // In a scope that sees every tenant's, whoever calls: an owner that is no administrator would otherwise see no run, and drop them all.
  const { rows } = await acrossTenants("whether a run of any tenant keeps a day", () =>
    db.query<{ id: string }>(KEEPS_DAY, [...day, moment]),
  );
  return rows[0]?.id ?? null;
}
