import type { Pool, PoolClient } from "pg";
import { withLock } from "../database/with-lock.ts";
import { GRANT, GRANT_UNLIMITED, TELL_HOLDERS } from "./task-slot.sql.ts";

/** A task run that holds its slots. */
export interface Grant {
  readonly runId: string;
  readonly number: number;
}

/**
 * Works on a tenant's queue alone. The race: two replicas count the holders of a tag at the same moment, each finds one slot free, and each grants
 * it. A row lock would not do: whoever waits for it goes on with the snapshot from before.
 * Freeing takes no lock: one that is not seen yet counts as held, and who freed it asks for a grant after its commit.
 */
export async function withQueue<T>(pool: Pool, tenantId: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return await withLock(pool, "task slots", tenantId, work);
}

/** Grants what can be granted, inside of `withQueue`. */
export async function grantFront(client: PoolClient, tenantId: string): Promise<Grant[]> {
  const { rows } = await client.query<Grant>({ name: "grant-slots", text: GRANT, values: [tenantId] });
  return rows;
}

/** Tells the holders of the runs that task runs of theirs were granted. */
export async function tellHolders(pool: Pool, grants: readonly Grant[]): Promise<void> {
  const runIds = [...new Set(grants.map(({ runId }) => runId))];
  if (runIds.length > 0) await pool.query({ name: "tell-holders", text: TELL_HOLDERS, values: [runIds] });
}

/**
 * Gives free slots of a tenant to those that wait, in their order, and tells their holders. With `limitGone` also to those that wait for
 * a limit that is there no more.
 */
export async function grantSlots(pool: Pool, tenantId: string, limitGone = false): Promise<void> {
  const grants = await withQueue(pool, tenantId, async (client) => {
    const unlimited = limitGone ? (await client.query<Grant>(GRANT_UNLIMITED, [tenantId])).rows : [];
    return [...unlimited, ...(await grantFront(client, tenantId))];
  });
  await tellHolders(pool, grants);
}
