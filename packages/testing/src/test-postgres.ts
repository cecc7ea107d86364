import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { ensurePartitions, migrate, openDatabase, startEmbeddedPostgres } from "@weir/cloud-api/database";

/** Where tests find the Postgres of their run. */
export interface TestPostgres {
  /** Connection string of its administrator, on a database that no test uses. */
  readonly adminUrl: string;
  /** Name of the migrated database that test databases are cloned from. */
  readonly template: string;
}

const PREFIX = "weir-test-";

// Of no worth once the run is over: nothing waits for a disk.
const SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
  max_connections: "300",
};

/** Starts a Postgres for tests in a temporary directory, with a migrated template database. */
export async function startTestPostgres(): Promise<TestPostgres & { stop(): Promise<void> }> {
  removeAbandoned();
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // mkdtemp makes it 0700; as root, Postgres runs as another user.
  chmodSync(directory, 0o755);
  const log = { debug: () => {}, info: () => {}, warn: (text: string) => process.stderr.write(`${text}\n`) };
  const postgres = await startEmbeddedPostgres({ directory, log, settings: SETTINGS });
  const template = `weir_template_${randomBytes(4).toString("hex")}`;
  await makeTemplate(postgres.url, template);
  return {
    adminUrl: postgres.url,
    template,
    async stop() {
      await postgres.stop();
      for (const path of [directory, dirname(postgres.dataDirectory)]) rmSync(path, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(adminUrl: string, template: string): Promise<void> {
  const admin = openDatabase({ url: adminUrl });
  await admin.pool.query(`create database ${template}`);
  await admin.close();
  const url = databaseUrl(adminUrl, template);
  await migrate(url);
  const database = openDatabase({ url });
  await ensurePartitions(database.pool, new Date());
  await database.close();
}

/** The same server with another database. */
export function databaseUrl(url: string, database: string): string {
  return url.replace(/[^/]*$/, database);
}

/** Directories of runs that were killed. Their servers ended with them. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(basename(name).slice(PREFIX.length).split("-")[0]);
    if (!isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
