import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseProblem } from "./database-problem.ts";

/** One migration of prisma/migrations: a folder `<timestamp>_<name>` with its `migration.sql`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, in hex: as Prisma records it. */
  readonly checksum: string;
}

/** Reads the migrations of a folder, oldest first. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => readMigration(directory, entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readMigration(directory: string, name: string): Migration {
  const sql = readFileSync(join(directory, name, "migration.sql"), "utf8");
  return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

/** The folder prisma/ that belongs to this code: of the checkout, whether src/ or dist/ runs, or packed beside it. */
export function prismaDirectory(): string {
  const places = ["../../../../prisma", "../../prisma"].map((path) => resolve(import.meta.dirname, path));
  const found = places.find((place) => existsSync(join(place, "migrations")));
  if (found !== undefined) return found;
  throw new DatabaseProblem(
    "MIGRATIONS_MISSING",
    `The migrations are missing: there is no folder migrations in ${places.join(" or ")}. Install Weir's cloud again, whole.`,
  );
}

/** The folder with the migrations that belong to this code. */
export const migrationsDirectory = (): string => join(prismaDirectory(), "migrations");
