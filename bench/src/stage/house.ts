import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { makeKeys, openCloud } from "./cloud.ts";
import { openPostgres } from "./postgres.ts";
import { registerFlows } from "./registration.ts";
import { openStage, type Stage } from "./stage.ts";

/** What all contests share: one Postgres and one cloud, each a process of its own. */
export interface House extends AsyncDisposable {
  readonly directory: string;
  readonly databaseUrl: string;
  readonly postgresPid: number;
  readonly cloudUrl: string;
  readonly cloudPid: number;
  readonly userKey: string;
  /** Where the keys of agent and user lie, as an embedded cloud writes them. */
  readonly keysFile: string;
  readonly profile: boolean;
  /** For looking at what is stored. */
  readonly pool: pg.Pool;
  /** Makes a database for a peer on the same Postgres; answers its URL. */
  makeDatabase(name: string): Promise<string>;
  openStage(name: string): Stage;
}

/** Starts Postgres and the cloud in a new directory, which goes with the house, and registers the measured flows. */
export async function openHouse({ profile }: { profile: boolean }): Promise<House> {
  await using things = new AsyncDisposableStack();
  const directory = things.adopt(mkdtempSync(join(tmpdir(), "weir-bench-")), (made) => {
    rmSync(made, { recursive: true, force: true });
  });
  // Root lends Postgres another user, who must be able to enter.
  chmodSync(directory, 0o755);
  const cloudDirectory = join(directory, "cloud");
  mkdirSync(cloudDirectory);
  const keys = await makeKeys(cloudDirectory);
  const postgres = things.use(await openPostgres(join(cloudDirectory, "postgres")));
  const cloud = things.use(await openCloud(cloudDirectory, postgres.url, profile));
  await registerFlows(cloud.url, cloudDirectory);
  const pool = things.adopt(new pg.Pool({ connectionString: postgres.url, max: 2 }), async (made) => await made.end());
  const kept = things.move();
  const house: House = {
    directory,
    databaseUrl: postgres.url,
    postgresPid: postgres.pid,
    cloudUrl: cloud.url,
    cloudPid: cloud.pid,
    userKey: keys.userKey,
    keysFile: join(cloudDirectory, "keys.json"),
    profile,
    pool,
    makeDatabase: async (name) => await makeDatabase(pool, postgres.url, name),
    openStage: (name) => openStage(house, name),
    [Symbol.asyncDispose]: async () => await kept.disposeAsync(),
  };
  return house;
}

async function makeDatabase(pool: pg.Pool, url: string, name: string): Promise<string> {
  const database = `peer_${name}`;
  const { rowCount } = await pool.query("select from pg_database where datname = $1", [database]);
  if (rowCount === 0) await pool.query(`create database ${pg.escapeIdentifier(database)}`);
  const peer = new URL(url);
  peer.pathname = database;
  return peer.href;
}
