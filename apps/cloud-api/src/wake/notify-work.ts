import type { Pool } from "pg";

/**
 * Wakes the claims of a tenant that wait: something that kept runs from being claimed is gone. After the commit, by itself: see run-hints.ts on
 * notifying inside of a transaction.
 */
export async function notifyWork(pool: Pick<Pool, "query">, tenantId: string): Promise<void> {
  await pool.query({ name: "notify-work", text: `select pg_notify('weir_work', $1)`, values: [tenantId] });
}
