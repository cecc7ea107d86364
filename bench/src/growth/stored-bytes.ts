import type { RunEvent } from "@weir/protocol";
import type pg from "pg";
import type { Load } from "../claims/load.ts";
import { makeRuns } from "../claims/loaded-tenant.ts";
import type { Contender } from "../contest.ts";

/** Task runs of one flow run. */
export const TASKS_EACH = 100;
/** Reports at one moment, of as many runs. */
const SIDE_BY_SIDE = 8;

/** Of all days: tables, indexes, free space maps. */
const BYTES = `select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c
  where c.relispartition and c.relkind = 'r' and c.relname ~ '^task_run(_state)?s_\\d{8}$'`;

const COUNT = `select (select count(*) from task_runs where tenant_id = $1)::int4 as "taskRuns",
  (select count(*) from task_run_states where tenant_id = $1)::int4 as states`;

/** By how much the database grows for each task run that is reported in this way. */
export function grown(load: Load, taskRuns: number, story: (at: number) => RunEvent[][]): Contender {
  const runs = Math.ceil(taskRuns / TASKS_EACH);
  return {
    units: runs * TASKS_EACH,
    // As autovacuum does, once a minute, where a fifth of a table is dead: what it frees is used again.
    prepare: async () => void (await load.pool.query("vacuum task_runs, task_run_states")),
    measure: async () => {
      const before = await read<{ bytes: number }>(load.pool, BYTES, []);
      const counted = await read<{ taskRuns: number; states: number }>(load.pool, COUNT, [load.tenant.tenantId]);
      await tell(load, runs, story(Date.now()));
      const after = await read<{ bytes: number }>(load.pool, BYTES, []);
      const now = await read<{ taskRuns: number; states: number }>(load.pool, COUNT, [load.tenant.tenantId]);
      const made = now.taskRuns - counted.taskRuns;
      if (made !== runs * TASKS_EACH || now.states - counted.states !== 3 * made)
        throw new Error(`${made} task runs with ${now.states - counted.states} history rows are stored.`);
      return [(after.bytes - before.bytes) / made];
    },
  };
}

/** The same rows, copied in their order into tables of their own: nothing is left of what they were before, and every page is full. */
export function packed({ pool, tenant }: Load): Contender {
  const copy = (table: string, order: string) =>
    `create table packed_${table} (like ${table} including all); insert into packed_${table} select * from ${table} where tenant_id = '${tenant.tenantId}' order by ${order}`;
  return {
    units: 1,
    measure: async () => {
      await pool.query(copy("task_runs", "flow_run_id, number"));
      await pool.query(copy("task_run_states", "flow_run_id, attempt, number"));
      const { value } = await read<{ value: number }>(
        pool,
        `select (pg_total_relation_size('packed_task_runs') + pg_total_relation_size('packed_task_run_states'))::float8
           / (select count(*) from packed_task_runs) as value`,
        [],
      );
      await pool.query("drop table packed_task_runs, packed_task_run_states");
      return [value];
    },
  };
}

/** Claims new runs one by one, since no lease lasts until all are told, and tells the same of each. */
async function tell({ pool, tenant, door }: Load, runs: number, batches: readonly RunEvent[][]): Promise<void> {
  await makeRuns(pool, tenant, runs);
  const worker = async () => {
    for (let [run] = await door.claim(1); run !== undefined; [run] = await door.claim(1)) {
      let first = 1;
      for (const events of batches) {
        await door.report(run, first, events);
        first += events.length;
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

async function read<R extends pg.QueryResultRow>(pool: pg.Pool, text: string, values: readonly unknown[]): Promise<R> {
  const { rows } = await pool.query<R>(text, [...values]);
  const [row] = rows;
  if (row === undefined) throw new Error(`Postgres answers no row: ${text}`);
  return row;
}
