import { lowestIdAt, Refusal } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../../database/in-transaction.ts";
import { ARCHIVE_ALL, DELETE_FLOW, DELETE_HISTORY, LOCK_FLOW_BY_ID } from "../../flows/delete-flow.sql.ts";
import { syncSchedules } from "../../schedules/sync-schedules.ts";
import {
  ERASE_BESIDE,
  ERASE_REASONS,
  FLOWS_WITHOUT_RUNS,
  LOCK_ERASABLE_RUNS,
  OPEN_FLOWS,
  SOME_HELD,
  TENANT_NAME,
} from "./erase-holdings.sql.ts";

/** In one transaction: a run may have thousands of task runs. */
const BATCH_RUNS = 50;

/** In one call, which must end. */
export const CALL_BOUNDS = { runs: 500, flows: 100, rows: 10_000 };

export interface EraseWish {
  readonly tenantId: string;
  /** As the person typed it who erases. */
  readonly tenantName: string;
  /** Runs that were made before then. Null: all that there is. */
  readonly before: Date | null;
  /** Flows too. Not together with `before`. */
  readonly flows: boolean;
}

export interface Erased {
  /** False: something is left; the same call again goes on. */
  readonly done: boolean;
  /** By this call. */
  readonly runs: number;
  readonly flows: number;
}

/**
 * Erases what the cloud holds of a tenant's data, a part with each call.
 * @throws Refusal INVALID for another name than the tenant's; CONFLICT while a run that would be erased is held, of which nothing was erased then
 */
export async function eraseHoldings(pool: Pool, wish: EraseWish, now: Date, most = CALL_BOUNDS): Promise<Erased> {
  const { tenantId, before, flows } = wish;
  await requireName(pool, wish);
  if (flows && before !== null)
    throw new Refusal(
      "INVALID",
      "flows: flows are erased with all of their runs; leave out either `before` or `flows`.",
    );
  const bound = before === null ? null : lowestIdAt(before.getTime());
  await requireNoneHeld(pool, tenantId, bound);
  if (flows && !(await closeFlows(pool, tenantId, now, most.flows))) return { done: false, runs: 0, flows: 0 };
  const runs = await eraseRuns(pool, tenantId, bound, most.runs);
  if (runs === most.runs) return { done: false, runs, flows: 0 };
  await requireNoneHeld(pool, tenantId, bound);
  if (before !== null) return { done: true, runs, flows: 0 };
  const erased = flows ? await eraseFlows(pool, tenantId, most.flows) : 0;
  const besides = await eraseBesides(pool, tenantId, most.rows);
  return { done: erased < most.flows && besides, runs, flows: erased };
}

async function requireName(pool: Pool, { tenantId, tenantName }: EraseWish): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(TENANT_NAME, [tenantId]);
  if (rows[0]?.name === tenantName) return;
  throw new Refusal(
    "INVALID",
    `tenantName: ${JSON.stringify(tenantName.slice(0, 80))} is not the name of this tenant, so nothing was erased; the query viewer { tenant { name } } tells it.`,
  );
}

async function requireNoneHeld(pool: Pool, tenantId: string, bound: string | null): Promise<void> {
  const { rows } = await pool.query<{ name: string; state: string }>(SOME_HELD, [tenantId, bound]);
  if (rows.length === 0) return;
  const some = rows.slice(0, 3).map(({ name, state }) => `${name} (${state})`);
  const told = `${some.join(", ")}${rows.length > some.length ? " and more" : ""}`;
  throw new Refusal(
    "CONFLICT",
    `Agents hold runs that would be erased: ${told}. Pause the queue, cancel them or let them end, then erase again.`,
  );
}

/** So that nothing begins any more; what schedules made ahead is taken back. False: some flows are open still. */
async function closeFlows(pool: Pool, tenantId: string, now: Date, most: number): Promise<boolean> {
  const open = await pool.query<{ id: string }>(OPEN_FLOWS, [tenantId, most]);
  for (const { id } of open.rows)
    await inTransaction(pool, async (client) => {
      await client.query(LOCK_FLOW_BY_ID, [tenantId, id]);
      await client.query(ARCHIVE_ALL, [tenantId, id]);
      await syncSchedules(client, { tenantId, flowId: id }, [], now);
    });
  return open.rows.length < most;
}

async function eraseRuns(pool: Pool, tenantId: string, bound: string | null, most: number): Promise<number> {
  let erased = 0;
  while (erased < most) {
    const size = Math.min(BATCH_RUNS, most - erased);
    const runs = await inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ id: string }>(LOCK_ERASABLE_RUNS, [tenantId, bound, size]);
      if (rows.length > 0) await each(client, DELETE_HISTORY, [tenantId, rows.map(({ id }) => id)]);
      return rows.length;
    });
    erased += runs;
    if (runs < size) break;
  }
  return erased;
}

async function eraseFlows(pool: Pool, tenantId: string, most: number): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(FLOWS_WITHOUT_RUNS, [tenantId, most]);
  for (const { id } of rows) await inTransaction(pool, (client) => each(client, DELETE_FLOW, [tenantId, id]));
  return rows.length;
}

/** False: rows are left. */
async function eraseBesides(pool: Pool, tenantId: string, most: number): Promise<boolean> {
  for (const statement of ERASE_REASONS) await pool.query(statement, [tenantId]);
  let done = true;
  for (const statement of ERASE_BESIDE) {
    const { rowCount } = await pool.query(statement, [tenantId, most]);
    done &&= (rowCount ?? 0) < most;
  }
  return done;
}

async function each(client: PoolClient, statements: readonly string[], values: unknown[]): Promise<void> {
  for (const statement of statements) await client.query(statement, values);
}
