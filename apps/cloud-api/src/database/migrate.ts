import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { DatabaseProblem, tellDatabaseError } from "./database-problem.ts";
import { migrationsDirectory, readMigrations } from "./migration-files.ts";
import type { Migration } from "./migration-files.ts";
import { planMigrations } from "./plan-migrations.ts";
import type { MigrationRow } from "./plan-migrations.ts";

/** Prisma's own advisory lock: our replicas wait for each other, and for a `prisma migrate deploy` by hand. */
const LOCK = 72_707_369;

// As Prisma makes it, so that `prisma migrate` goes on where this ended, and the other way round.
const MIGRATIONS_TABLE = `create table if not exists public._prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

export interface MigrateOptions {
  /** Folder of the migrations; default the one that belongs to this code. */
  readonly directory?: string;
}

/**
 * Applies what is missing of the migrations, each in a transaction of its own: a migration is there wholly or not at all. Replicas that
 * start together wait for the first one.
 * @returns the names of those that were applied now.
 * @throws DatabaseProblem when the database is away, a migration fails, was half applied by other means, or was changed since.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.directory ?? migrationsDirectory());
  return await underLock(url, async (client) => {
    await client.query(MIGRATIONS_TABLE);
    const pending = planMigrations(migrations, await readRows(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.name);
  });
}

/**
 * Settles by hand what `migrate` refuses: tells the database that a migration that began and never ended was undone, or completed.
 * @throws DatabaseProblem when no migration of that name stands open.
 */
export async function settleMigration(url: string, name: string, as: "applied" | "rolled-back"): Promise<void> {
  const column = as === "applied" ? "finished_at" : "rolled_back_at";
  await underLock(url, async (client) => {
    const { rowCount } = await client.query(
      `update public._prisma_migrations set ${column} = now()
        where migration_name = $1 and finished_at is null and rolled_back_at is null`,
      [name],
    );
    if (rowCount !== 0) return;
    throw new DatabaseProblem(
      "MIGRATION_UNKNOWN",
      `No migration ${name} stands open in the database: there is nothing to settle.`,
    );
  });
}

async function readRows(client: Client): Promise<MigrationRow[]> {
  const { rows } = await client.query<MigrationRow>(
    `select migration_name, checksum, started_at, finished_at, rolled_back_at, logs
       from public._prisma_migrations order by started_at, migration_name`,
  );
  return rows;
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    // Without values this is the simple protocol, which takes the whole script at once, functions with semicolons included.
    await client.query(migration.sql);
    await client.query(
      `insert into public._prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw migrationFailed(migration, error);
  }
}

function migrationFailed(migration: Migration, error: unknown): unknown {
  // Without SQLSTATE it is no answer of the server: the connection broke.
  if (!(error instanceof Error) || !("severity" in error)) return error;
  const position = "position" in error ? Number(error.position) : Number.NaN;
  const line = Number.isNaN(position) ? "" : ` at line ${migration.sql.slice(0, position).split("\n").length}`;
  return new DatabaseProblem(
    "MIGRATION_FAILED",
    `Migration ${migration.name} failed${line}: ${error.message}. Nothing of it stayed in the database. Correct what it names, ` +
      "then start again.",
    { cause: error },
  );
}

async function underLock<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: "weir-migrate",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // A connection that breaks between two statements: the next statement says so.
  client.on("error", () => {});
  try {
    await client.connect();
    // Of the session, not of a transaction: it spans all migrations and falls with the connection when this process dies.
    await client.query(`select pg_advisory_lock(${LOCK})`);
    return await work(client);
  } catch (error) {
    throw tellDatabaseError(error, url);
  } finally {
    await client.end().catch(() => {});
  }
}
