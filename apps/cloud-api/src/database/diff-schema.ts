import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { commentDrift } from "./column-comments.ts";
import { tellDatabaseError, withDatabase } from "./database-problem.ts";
import { prismaDirectory } from "./migration-files.ts";
import { migrate } from "./migrate.ts";

export interface DiffOptions {
  /** Folder with schema.prisma and migrations/; default the one that belongs to this code. */
  readonly directory?: string;
}

/**
 * Drift between schema.prisma and the migrations, and between their comments and what the protocol says that each column holds: what a further
 * migration would have to do, as SQL; null when they agree. Applies all
 * migrations to a scratch database on the same server, which is dropped again; the database of the URL itself is not looked at.
 * @throws DatabaseProblem when the server is away, its user may not create databases, or a migration fails.
 */
export async function diffSchema(url: string, options: DiffOptions = {}): Promise<string | null> {
  const directory = options.directory ?? prismaDirectory();
  const schema = readFileSync(join(directory, "schema.prisma"), "utf8");
  return await withScratchDatabase(url, async (scratch) => {
    await migrate(scratch, { directory: join(directory, "migrations") });
    // Loaded when it is needed: 5 MB of WASM that a running cloud never uses.
    const { scriptFromDatabaseTo } = await import("./schema-engine.ts");
    const script = await scriptFromDatabaseTo(scratch, schema);
    const comments = await commentsOf(scratch);
    return script === null || comments === null ? (script ?? comments) : `${script}\n${comments}`;
  });
}

/** Prisma knows nothing of comments. */
async function commentsOf(url: string): Promise<string | null> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await commentDrift(client);
  } finally {
    await client.end();
  }
}

async function withScratchDatabase<T>(url: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `weir_diff_${randomBytes(6).toString("hex")}`;
  const admin = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  admin.on("error", () => {});
  try {
    await admin.connect();
    await admin.query(`create database ${name} template template0`);
    try {
      return await work(withDatabase(url, name));
    } finally {
      await admin.query(`drop database if exists ${name} with (force)`);
    }
  } catch (error) {
    throw tellDatabaseError(error, url);
  } finally {
    await admin.end().catch(() => {});
  }
}
