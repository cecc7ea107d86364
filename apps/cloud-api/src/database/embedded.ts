import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Client } from "pg";
import { DatabaseProblem } from "./database-problem.ts";
import { findBinaries } from "./embedded/binaries.ts";
import { takeDirectory } from "./embedded/hold.ts";
import { OWNER, initialise } from "./embedded/initialise.ts";
import { keepServer } from "./embedded/keep-server.ts";
import { findPlace } from "./embedded/place.ts";
import { postgresUser } from "./embedded/system-user.ts";

/** Where the server's own words go. A pino logger fits. */
export interface EmbeddedLog {
  debug(text: string): void;
  info?(text: string): void;
  warn(text: string): void;
}

export interface EmbeddedOptions {
  /** Made when it is missing. Holds the data, or says where it lies, and the password (mode 0600). */
  readonly directory: string;
  readonly log: EmbeddedLog;
  /** Settings of Postgres on top of ours: `{ fsync: "off" }` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Used only by root, and only when the user that Postgres runs as cannot enter `directory` or the checkout. Default /var/lib/weir. */
  readonly sharedDirectory?: string;
  /** How long to wait for another process that is just leaving the directory. Default 5 s. */
  readonly waitMs?: number;
}

export interface EmbeddedPostgres {
  /** With user, password and database `weir`. Stays the same for as long as this runs, also when the server is started anew. */
  readonly url: string;
  /** Where the data lies: below the wanted directory, or elsewhere when the user that Postgres runs as cannot enter that. */
  readonly dataDirectory: string;
  /** Ends it. A second call changes nothing. */
  readonly stop: () => Promise<void>;
}

const DATABASE = "weir";
/** Below here lies what must be readable to the user that Postgres runs as while the checkout is not. Only root comes here. */
const SHARED_DIRECTORY = "/var/lib/weir";

// One machine, one user, small data: no replication, no statement text in the log (it is the user's), reachable from this machine only.
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  // Loopback serves all; a path to a socket may be at most 107 bytes long, and that of a checkout often is not.
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "128MB",
  wal_level: "minimal",
  max_wal_senders: "0",
  log_min_messages: "log",
  log_checkpoints: "off",
  log_autovacuum_min_duration: "-1",
  jit: "off",
  // After a crash every file is brought to the disk before the log is replayed: one by one that took 1 to 5 s here.
  ...(process.platform === "linux" ? { recovery_init_sync_method: "syncfs" } : {}),
};

/**
 * Starts a Postgres of our own, with the programs from npm: no Docker, no installation. It ends with this process, however that ends;
 * when it dies by itself it is started anew on the same port.
 * @throws DatabaseProblem when the directory is in use, or when Postgres cannot be started: with its reason.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  try {
    await mkdir(directory, { recursive: true });
    const hold = await takeDirectory(directory, options.waitMs ?? 5_000);
    return await startHeld(directory, options, hold);
  } catch (error) {
    throw error instanceof DatabaseProblem ? error : unusable(directory, error);
  }
}

async function startHeld(
  directory: string,
  options: EmbeddedOptions,
  hold: { release(): void },
): Promise<EmbeddedPostgres> {
  try {
    const user = postgresUser();
    const shared = options.sharedDirectory ?? SHARED_DIRECTORY;
    const binaries = await findBinaries(user, shared);
    const place = await findPlace(directory, user, shared);
    if (place !== directory) {
      options.log.info?.(
        `Postgres runs as the user ${user?.name}, who cannot enter ${directory}: its data lies in ${place}.`,
      );
    }
    const password = await keepPassword(directory, place);
    const data = await initialise(place, password, binaries, user);
    const command = { postgres: binaries.postgres, data, user, onLine: (line: string) => options.log.debug(line) };
    const kept = await keepServer({ ...command, settings: { ...SETTINGS, ...options.settings } }, options.log);
    const url = `postgres://${OWNER}:${password}@127.0.0.1:${kept.port}/${DATABASE}`;
    await createDatabase(url);
    return {
      url,
      dataDirectory: data,
      async stop() {
        await kept.stop();
        hold.release();
      },
    };
  } catch (error) {
    hold.release();
    throw error;
  }
}

async function keepPassword(directory: string, place: string): Promise<string> {
  const file = join(directory, "password");
  const known = await readFile(file, "utf8").catch(() => null);
  if (known !== null) return known.trim();
  if (existsSync(join(place, "data"))) {
    throw new DatabaseProblem(
      "EMBEDDED_FAILED",
      `The password of the embedded Postgres is missing: ${file} is gone or cannot be read, but the data in ${place} is there. Put the ` +
        "file back, or remove the directory to begin afresh.",
    );
  }
  const password = randomBytes(24).toString("base64url");
  await writeFile(file, password, { mode: 0o600, flag: "wx" });
  return password;
}

async function createDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url.replace(/[^/]*$/, "postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}

/** What the file system says: no permission, no space, read-only. */
function unusable(directory: string, cause: unknown): DatabaseProblem {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseProblem(
    "EMBEDDED_FAILED",
    `The directory ${directory} cannot be used for the embedded Postgres: ${reason}. Make it writable for this user, or choose another one.`,
    { cause },
  );
}
