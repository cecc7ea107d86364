import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@weir/testing";
import { Client } from "pg";
import { identity, postgresUser } from "../database/embedded/system-user.ts";

/** Debian's PgBouncer in transaction mode, between the cloud and a Postgres. */
export interface TestPgBouncer {
  /** The database's URL, by way of the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Fewer than clients, so that each meets server connections that others had before. */
const SERVER_CONNECTIONS = 4;

/**
 * Starts one for one login of a database.
 * @throws Error naming the Debian package, where it is not installed.
 * @example const pooler = await startPgBouncer("postgres://weir_cloud:p@127.0.0.1:5432/weir");
 */
export async function startPgBouncer(target: string): Promise<TestPgBouncer> {
  const directory = mkdtempSync(join(tmpdir(), "weir-pgbouncer-"));
  const url = new URL(target);
  url.port = String(await freePort());
  const configuration = writeConfiguration(directory, new URL(target), url.port);
  // It refuses to run as root, as Postgres does.
  const server = spawn("pgbouncer", ["-q", configuration], { ...identity(postgresUser()), stdio: "ignore" });
  const failed = once(server, "error").then(([error]) => {
    throw new Error(`pgbouncer cannot be started (${String(error)}). Install it: apt-get install pgbouncer`);
  });
  await Promise.race([failed, eventually(() => answers(url.href))]);
  return {
    url: url.href,
    async stop() {
      await ended(server);
      rmSync(directory, { recursive: true });
    },
  };
}

function writeConfiguration(directory: string, target: URL, port: string): string {
  const [users, file] = [join(directory, "users.txt"), join(directory, "pgbouncer.ini")];
  writeFileSync(users, `"${decodeURIComponent(target.username)}" "${decodeURIComponent(target.password)}"\n`);
  const settings = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "scram-sha-256",
    auth_file: users,
    pool_mode: "transaction",
    default_pool_size: SERVER_CONNECTIONS,
    max_client_conn: 200,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const database = `* = host=${target.hostname} port=${target.port}`;
  writeFileSync(file, ["[databases]", database, "[pgbouncer]", ...lines, ""].join("\n"));
  const user = postgresUser();
  for (const path of [directory, users, file]) {
    chmodSync(path, path === directory ? 0o700 : 0o600);
    if (user !== null) chownSync(path, user.uid, user.gid);
  }
  return file;
}

async function answers(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("select 1").finally(() => client.end());
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  server.kill("SIGKILL");
  await once(server, "exit");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
