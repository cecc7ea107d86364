import type { Pool, PoolClient } from "pg";

/**
 * Runs work in one transaction: committed when it resolves, rolled back when it throws.
 * @example await inTransaction(pool, (client) => client.query("update …"));
 */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const done = await work(client);
    await client.query("commit");
    return done;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
