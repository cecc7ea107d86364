import { PrismaPg } from "@prisma/adapter-pg";
import type { ClientBase, Pool } from "pg";
import { PrismaClient } from "../generated/prisma/client.ts";
import { ScopedClient, ScopedPool, type Settings } from "./scoped-pool.ts";
import { separateLookups } from "./separate-lookups.ts";

/** The database of the control plane: `pool` for hot statements, `prisma` for people's queries, both over the same connections. */
export interface Database {
  readonly pool: Pool;
  readonly prisma: PrismaClient;
  /** Ends both. Waits for statements in hand. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Default 10: two per core of a small server, and the hot path uses few at a time. */
  readonly maxConnections?: number;
  /** Server settings of all its statements. */
  readonly settings?: Settings;
  /** Called with each connection that broke. The next query takes a fresh one; nothing needs doing. */
  readonly onConnectionError?: (error: Error) => void;
}

/** Opens the database. Connects with the first query, not before; a lost connection is replaced, and never ends the process. */
export function openDatabase(options: DatabaseOptions): Database {
  const onError = options.onConnectionError ?? (() => {});
  const pool = new ScopedPool({
    Client: ScopedClient,
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    application_name: "weir-cloud",
    // A server that is gone without a word must become an error, not a hang: at connecting here, later through keep-alive.
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    onConnect: (client) => prepareConnection(client, { ...SETTINGS, ...options.settings }, onError),
  });
  pool.on("error", onError);
  const prisma = separateLookups(new PrismaClient({ adapter: new PrismaPg(pool) }));
  return {
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

const SETTINGS: Settings = {
  // A replica that is frozen in the middle of a transaction must not keep a run's row locked against all others.
  idle_in_transaction_session_timeout: "30s",
  // As of a solid-state disk, and of rows that are in memory. With 4, the default, the planner takes the newest runs of all tenants and leaves out
  // the others' rather than walk the tenant's own index: for a tenant that was quiet for long, these are all there are.
  random_page_cost: "1.1",
};

async function prepareConnection(
  client: ClientBase,
  settings: Settings,
  onError: (error: Error) => void,
): Promise<void> {
  // The pool listens to idle connections only. One that breaks while it is checked out and between two statements would otherwise
  // be an unhandled 'error' event, and end the process.
  client.on("error", onError);
  await (client as ScopedClient).prepare(settings);
}
