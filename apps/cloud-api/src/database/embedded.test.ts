import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { eventually } from "@weir/testing";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded.ts";
import { readPid } from "./embedded/leftover.ts";
import { postgresUser } from "./embedded/system-user.ts";

const AS_ROOT = process.getuid?.() === 0;
const SETTINGS = { fsync: "off" };
const log = { debug: () => {}, info: () => {}, warn: () => {} };

// One data directory for most tests, so that it is initialised once; below a path with spaces, longer than a Unix socket's may be.
let root: string;
let directory: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "weir embedded "));
  chmodSync(root, 0o755);
  directory = join(
    root,
    "a folder with spaces, and quite a long name, so long in fact that no Unix socket could be bound below it",
    "pg",
  );
  const first = await start();
  await first.stop();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Options = Partial<Parameters<typeof startEmbeddedPostgres>[0]>;

const started: EmbeddedPostgres[] = [];

async function start(options: Options = {}): Promise<EmbeddedPostgres> {
  const embedded = await startEmbeddedPostgres({ directory, log, settings: SETTINGS, ...options });
  started.push(embedded);
  return embedded;
}

afterEach(async () => {
  for (const embedded of started.splice(0)) await embedded.stop();
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const isAlive = (pid: number | null | undefined) => existsSync(`/proc/${pid}`);

/** A process of its own that starts the embedded Postgres and stays. */
async function startElsewhere(
  as?: { uid: number; gid: number },
  where = directory,
): Promise<{ child: ChildProcess; data: string }> {
  const source = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, "embedded.ts"))});
    const log = { debug() {}, info() {}, warn() {} };
    const { dataDirectory } = await startEmbeddedPostgres({ directory: ${JSON.stringify(where)}, log, settings: { fsync: "off" } });
    console.log(dataDirectory);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    ...as,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [data] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, data };
}

test("what was written is there after a restart; the password is for nobody else, and in no command line", async () => {
  const first = await start();
  await ask(first.url, "create table kept (id int)");
  const pid = readPid(first.dataDirectory);
  const password = readFileSync(join(directory, "password"), "utf8");
  expect(statSync(join(directory, "password")).mode & 0o777).toBe(0o600);
  expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain(password);
  expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain(password);
  await first.stop();
  expect(isAlive(pid)).toBe(false);
  const second = await start();
  expect(await ask(second.url, "select count(*)::int as rows from kept")).toEqual([{ rows: 0 }]);
});

test("it listens on the loopback interface alone, asks for the password, and writes safely", async () => {
  const { url } = await start({ settings: {} });
  const names = ["listen_addresses", "unix_socket_directories", "fsync", "synchronous_commit"];
  const rows = await ask(url, `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`);
  expect(rows).toEqual([
    { listen_addresses: "127.0.0.1", unix_socket_directories: "", fsync: "on", synchronous_commit: "on" },
  ]);
  await expect(ask(url.replace(/:[^:@]+@/, ":guess@"), "select 1")).rejects.toThrow("password authentication failed");
});

test("its log tells nothing of statements and rows, neither of those that work nor of those that it refuses", async () => {
  const lines: string[] = [];
  const { url } = await start({ log: { ...log, debug: (line) => void lines.push(line) } });
  await ask(url, "create table if not exists cages (bird text check (bird <> 'canary'))");
  await expect(ask(url, "insert into cages values ('canary')")).rejects.toThrow("cages_bird_check");
  await expect(ask(url, "select 'canary'::int")).rejects.toThrow("invalid input syntax");
  // What is told of these two would have come before this.
  await ask(url, "select pg_reload_conf()");
  await eventually(() => expect(lines.join("\n")).toContain("reloading configuration files"));
  expect(lines.join("\n")).not.toMatch(/canary|STATEMENT|DETAIL/);
});

test("a parent that is killed with SIGKILL leaves no server behind, and the next start goes well", async () => {
  const { child, data } = await startElsewhere();
  const pid = readPid(data);
  expect(isAlive(pid)).toBe(true);
  child.kill("SIGKILL");
  const next = await start();
  expect(isAlive(pid)).toBe(false);
  await ask(next.url, "select 1");
});

test("a server that is killed comes back on the same port, with all that was committed", async () => {
  const embedded = await start();
  await ask(embedded.url, "create table if not exists committed (id int); insert into committed values (1)");
  const pid = readPid(embedded.dataDirectory);
  process.kill(pid ?? 0, "SIGKILL");
  const rows = await eventually(() => ask(embedded.url, "select id from committed"));
  expect(rows).toEqual([{ id: 1 }]);
  expect(readPid(embedded.dataDirectory)).not.toBe(pid);
});

test("a pid file whose number is that of another process by now does not block the start", async () => {
  const { dataDirectory: data, stop } = await start();
  await stop();
  // A process that lives and is no Postgres: this one.
  writeFileSync(join(data, "postmaster.pid"), `${process.pid}\n${data}\n1\n5432\n\n127.0.0.1\n 1 1\nready\n`, {
    mode: 0o600,
  });
  const embedded = await start();
  await ask(embedded.url, "select 1");
});

test("a second start on the same directory says who holds it", async () => {
  await start();
  const second = startEmbeddedPostgres({ directory, log, waitMs: 0 });
  await expect(second).rejects.toThrow(new RegExp(`is in use by process ${process.pid}, since 20`));
  await expect(second).rejects.toMatchObject({ code: "EMBEDDED_IN_USE" });
});

test("a start waits for another one that is just leaving", async () => {
  const first = await start();
  const second = start({ waitMs: 20_000 });
  await first.stop();
  await ask((await second).url, "select 1");
});

test("an initialisation that was cut off is begun again", async () => {
  const fresh = join(root, "cut off");
  mkdirSync(join(fresh, "data.new-abc"), { recursive: true });
  writeFileSync(join(fresh, "data.new-abc", "PG_VERSION"), "18");
  const embedded = await start({ directory: fresh });
  expect(existsSync(join(fresh, "data.new-abc"))).toBe(false);
  await ask(embedded.url, "select 1");
});

test("data of another Postgres, a lost password and a file in the way are sentences", async () => {
  const other = join(root, "other");
  mkdirSync(join(other, "data"), { recursive: true });
  writeFileSync(join(other, "data", "PG_VERSION"), "14\n");
  await expect(start({ directory: other })).rejects.toThrow(
    /The password of the embedded Postgres is missing: .*other\/password/,
  );
  writeFileSync(join(other, "password"), "x");
  await expect(start({ directory: other })).rejects.toThrow(
    /was written by Postgres 14, and this release of Weir brings Postgres 18/,
  );
  writeFileSync(join(root, "file"), "");
  await expect(start({ directory: join(root, "file") })).rejects.toThrow(
    /cannot be used for the embedded Postgres: .*EEXIST/,
  );
});

test.runIf(AS_ROOT)(
  "as root below a folder that others cannot enter, the data lies elsewhere, for as long as the folder stands",
  async () => {
    const home = join(root, "home");
    const options = { directory: join(home, "weir", "pg"), sharedDirectory: join(root, "shared") };
    mkdirSync(home, { mode: 0o700 });
    const first = await start(options);
    expect(first.dataDirectory).toContain(options.sharedDirectory);
    await ask(first.url, "create table kept (id int)");
    await first.stop();
    const second = await start(options);
    await ask(second.url, "select from kept");
    await second.stop();
    rmSync(join(home, "weir"), { recursive: true });
    const third = await start(options);
    await expect(ask(third.url, "select from kept")).rejects.toThrow('relation "kept" does not exist');
    await third.stop();
    rmSync(join(home, "weir"), { recursive: true });
    const elsewhere = await start({ ...options, directory: join(home, "another") });
    expect([existsSync(third.dataDirectory), existsSync(elsewhere.dataDirectory)]).toEqual([false, true]);
  },
);

test.runIf(AS_ROOT)("an ordinary user runs it as it is", async () => {
  const user = postgresUser() ?? { uid: 0, gid: 0 };
  const where = join(root, "ordinary");
  mkdirSync(where);
  chmodSync(where, 0o777);
  const { data } = await startElsewhere({ uid: user.uid, gid: user.gid }, where);
  expect(statSync(data).uid).toBe(user.uid);
});
