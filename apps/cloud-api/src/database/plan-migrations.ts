import { DatabaseProblem } from "./database-problem.ts";
import type { Migration } from "./migration-files.ts";

/** A row of Prisma's table `_prisma_migrations`. */
export interface MigrationRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly started_at: Date;
  readonly finished_at: Date | null;
  readonly rolled_back_at: Date | null;
  readonly logs: string | null;
}

/**
 * Which migrations are to be applied, oldest first. Rows that were rolled back count as never begun; rows of migrations that this code
 * does not have are those of a newer release, beside which this one keeps running.
 * @throws DatabaseProblem when one began and never ended, or when the text of an applied one has changed since.
 */
export function planMigrations(migrations: readonly Migration[], rows: readonly MigrationRow[]): Migration[] {
  const standing = rows.filter((row) => row.rolled_back_at === null);
  const open = standing.find((row) => row.finished_at === null);
  if (open !== undefined) throw halfApplied(open);
  const applied = new Map(standing.map((row) => [row.migration_name, row]));
  for (const migration of migrations) checkUnchanged(migration, applied.get(migration.name));
  return migrations.filter((migration) => !applied.has(migration.name));
}

function checkUnchanged(migration: Migration, row: MigrationRow | undefined): void {
  if (row === undefined || row.checksum === migration.checksum) return;
  throw new DatabaseProblem(
    "MIGRATION_CHANGED",
    `Migration ${migration.name} was changed after it had been applied on ${when(row.finished_at)}: the file's SHA-256 is ` +
      `${migration.checksum.slice(0, 12)}…, the database has ${row.checksum.slice(0, 12)}…. Put the file back as it was and make the ` +
      "change as a new migration; on a database that may be emptied, `db:reset --yes` applies all of them afresh.",
  );
}

function halfApplied(row: MigrationRow): DatabaseProblem {
  const logs = row.logs ? ` It said: ${row.logs.trim().split("\n").slice(0, 3).join(" ")}` : "";
  return new DatabaseProblem(
    "MIGRATION_HALF_APPLIED",
    `Migration ${row.migration_name} began on ${when(row.started_at)} and never ended, so nobody knows how much of it is in the ` +
      `database.${logs} Compare its file with the database by hand. Undo what is there and run \`db:migrate --rolled-back ` +
      `${row.migration_name}\`, or complete it and run \`db:migrate --applied ${row.migration_name}\`; then start again.`,
  );
}

function when(date: Date | null): string {
  return date === null ? "an unknown day" : date.toISOString();
}
