import { isId, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../database/in-transaction.ts";
import { syncSchedules } from "../schedules/sync-schedules.ts";
import {
  ARCHIVE_ALL,
  DELETE_FLOW,
  DELETE_HISTORY,
  LOCK_FLOW_BY_ID,
  OLDEST_RUNS,
  SOME_UNFINISHED,
} from "./delete-flow.sql.ts";

/** Runs that go in one transaction, and in one call: a run may have thousands of task runs, and a request must end. */
const BATCH_RUNS = 50;
const CALL_RUNS = 500;

export interface DeletedFlow {
  readonly name: string;
  /** False: runs are left; the same call again goes on. */
  readonly done: boolean;
  /** Runs that this call removed. */
  readonly runs: number;
}

interface Which {
  readonly tenantId: string;
  readonly id: string;
}

/**
 * Deletes a flow with all of its history: versions, settings, schedules, runs with their task runs, states, logs and artifacts, and what is
 * known of cached results. Nothing can be brought back. From the first call on nothing of it begins, even where runs are left to delete.
 * @throws Refusal NOT_FOUND; CONFLICT while a run of it is not finished, and then nothing was changed
 */
export async function deleteFlow(pool: Pool, flow: Which, now: Date, callRuns = CALL_RUNS): Promise<DeletedFlow> {
  const name = await closeFlow(pool, flow, now);
  let runs = 0;
  while (runs < callRuns) {
    const batch = await deleteRuns(pool, flow, Math.min(BATCH_RUNS, callRuns - runs));
    runs += batch;
    if (batch === 0) {
      await inTransaction(pool, (client) => each(client, DELETE_FLOW, [flow.tenantId, flow.id]));
      return { name, done: true, runs };
    }
  }
  return { name, done: false, runs };
}

/** Archives its versions and takes back what its schedules made ahead; answers its name. */
async function closeFlow(pool: Pool, { tenantId, id }: Which, now: Date): Promise<string> {
  return await inTransaction(pool, async (client) => {
    const { rows } = isId(id)
      ? await client.query<{ name: string }>(LOCK_FLOW_BY_ID, [tenantId, id])
      : { rows: [] as { name: string }[] };
    const [flow] = rows;
    if (flow === undefined)
      throw new Refusal(
        "NOT_FOUND",
        `There is no flow ${JSON.stringify(id)}; the query flows { nodes { id name } } tells them.`,
      );
    await client.query(ARCHIVE_ALL, [tenantId, id]);
    await syncSchedules(client, { tenantId, flowId: id }, [], now);
    await requireFinished(client, { tenantId, id }, flow.name);
    return flow.name;
  });
}

async function requireFinished(client: PoolClient, { tenantId, id }: Which, name: string): Promise<void> {
  const { rows } = await client.query<{ name: string; state: string }>(SOME_UNFINISHED, [tenantId, id]);
  if (rows.length === 0) return;
  const some = rows.slice(0, 3).map((run) => `${run.name} (${run.state})`);
  const told = `${some.join(", ")}${rows.length > some.length ? " and more" : ""}`;
  throw new Refusal(
    "CONFLICT",
    `The flow ${JSON.stringify(name)} has runs that are not finished: ${told}. Cancel them or let them end, then delete it; nothing was changed.`,
  );
}

async function deleteRuns(pool: Pool, { tenantId, id }: Which, most: number): Promise<number> {
  return await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(OLDEST_RUNS, [tenantId, id, most]);
    const runs = rows.map((run) => run.id);
    if (runs.length > 0) await each(client, DELETE_HISTORY, [tenantId, runs]);
    return runs.length;
  });
}

async function each(client: PoolClient, statements: readonly string[], values: unknown[]): Promise<void> {
  for (const statement of statements) await client.query(statement, values);
}
