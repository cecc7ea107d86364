import type { Pool, PoolClient } from "pg";

/**
 * Works alone on what `subject` of a tenant names, in one transaction, on whatever replica. The lock is taken by a statement of its own, so that
 * the statements of `work` see all that was committed before it was had: whoever waits for the lock within a statement goes on with the
 * snapshot from before.
 * @param subject what nobody else may touch meanwhile. @example "task slots"
 */
export async function withLock<T>(
  pool: Pool,
  subject: string,
  tenantId: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query({ name: "lock-subject", text: LOCK, values: [`weir ${subject} ${tenantId}`] });
    const done = await work(client);
    await client.query("commit");
    client.release();
    return done;
  } catch (error) {
    // A connection in an unknown state is thrown away; with it goes the transaction.
    client.release(true);
    throw error;
  }
}

const LOCK = `select pg_advisory_xact_lock(hashtextextended($1::text, 0))`;
