import { ensurePartitions } from "@weir/cloud-api/database";
import { lowestIdAt } from "@weir/protocol";
import pg from "pg";
import * as sql from "./seed.sql.ts";

/** How much is made. */
export interface SeedSize {
  readonly tenants: number;
  readonly flowRuns: number;
  readonly taskRunsEach: number;
  /** Over how many days, the last of which is yesterday: today's ids would be of hours to come. */
  readonly days: number;
}

/** The size that the budget speaks of: 1 million flow runs, 20 million task runs, 50 tenants. */
export const FULL_SIZE: SeedSize = { tenants: 50, flowRuns: 1_000_000, taskRunsEach: 20, days: 20 };

const FLOWS = 20;
const DAY_MS = 86_400_000;
/** Histories and log lines of task runs are made for the newest days alone: older ones would only add bytes that nothing here looks at. */
const DAYS_WITH_HISTORY = 2;

/** What was made. */
export interface Seeded {
  readonly seconds: number;
  /** Of the whole database. */
  readonly bytes: number;
  readonly flowRuns: number;
  readonly taskRuns: number;
}

/**
 * Fills a migrated database. Belongs to an administrator: foreign keys are not checked meanwhile.
 * @param tenantId the first and biggest tenant, which is there
 * @param told is told of each day
 * @example await seed(url, tenantId, { ...FULL_SIZE, flowRuns: 10_000 }, console.error);
 */
export async function seed(
  url: string,
  tenantId: string,
  size: SeedSize,
  told: (text: string) => void,
): Promise<Seeded> {
  const began = performance.now();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of sql.PREPARE) await client.query(statement);
    await client.query(sql.TENANTS, [tenantId, size.tenants]);
    await client.query(sql.FLOWS, [FLOWS]);
    await client.query(sql.TASKS, [size.taskRunsEach]);
    await client.query("analyze seed_flows");
    for (let ago = size.days; ago > 0; ago -= 1) {
      const rows = await seedDay(url, client, size, ago);
      told(`${ago} days ago: ${rows} task runs, ${Math.round((performance.now() - began) / 1000)} s`);
    }
    await client.query("vacuum analyze");
    return { seconds: (performance.now() - began) / 1000, ...(await counted(client)) };
  } finally {
    await client.end();
  }
}

async function seedDay(url: string, client: pg.Client, size: SeedSize, ago: number): Promise<number> {
  const start = Math.floor(Date.now() / DAY_MS) * DAY_MS - ago * DAY_MS;
  await makePartitions(url, start);
  const runs = Math.ceil(size.flowRuns / size.days);
  await client.query(sql.FLOW_RUNS, [new Date(start), runs, size.tenants, FLOWS]);
  const day = [lowestIdAt(start), lowestIdAt(start + DAY_MS)];
  await client.query(sql.FLOW_RUN_STATES, day);
  const { rowCount } = await client.query(sql.TASK_RUNS, [...day, size.taskRunsEach]);
  if (ago <= DAYS_WITH_HISTORY) {
    await client.query(sql.TASK_RUN_STATES, [...day, size.taskRunsEach]);
    await client.query(sql.LOGS, [...day, size.taskRunsEach]);
  }
  return rowCount ?? 0;
}

async function makePartitions(url: string, start: number): Promise<void> {
  const owner = new pg.Pool({ connectionString: url, max: 1 });
  await ensurePartitions(owner, new Date(start)).finally(() => owner.end());
}

async function counted(client: pg.Client): Promise<Omit<Seeded, "seconds">> {
  const { rows } = await client.query<Omit<Seeded, "seconds">>(
    `select pg_database_size(current_database())::float8 as bytes, (select count(*) from flow_runs)::int4 as "flowRuns",
       (select count(*) from task_runs)::int4 as "taskRuns"`,
  );
  return rows[0] ?? { bytes: Number.NaN, flowRuns: 0, taskRuns: 0 };
}
