import { Client } from "pg";
import { tellDatabaseError } from "./database-problem.ts";
import { type MigrateOptions, migrate } from "./migrate.ts";

/**
 * Removes everything that Weir keeps in a database and applies all migrations afresh. Nobody is asked: that is the caller's part.
 * @returns the names of the migrations that were applied.
 * @throws DatabaseProblem as `migrate` does.
 */
export async function resetDatabase(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    // Waits for nobody longer than 10 s: a cloud that still runs on it must be stopped first, and the error says so.
    await client.query(`
      set lock_timeout = '10s';
      drop schema if exists partitions, public, tenancy cascade;
      create schema public;
      grant usage on schema public to public`);
  } catch (error) {
    throw tellDatabaseError(error, url);
  } finally {
    await client.end().catch(() => {});
  }
  return await migrate(url, options);
}
