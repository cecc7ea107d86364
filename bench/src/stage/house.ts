import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { openCloud } from "./cloud.ts";
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
  readonly agentKey: string;
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
  const postgres = things.use(await openPostgres(directory));
  const cloud = things.use(await openCloud({ directory, databaseUrl: postgres.url, profile }));
  await registerFlows(cloud.url, cloud.userKey);
  const pool = things.adopt(new pg.Pool({ connectionString: postgres.url, max: 2 }), async (made) => await made.end());
  const kept = things.move();
  const house: House = {
    directory,
    databaseUrl: postgres.url,
    postgresPid: postgres.pid,
    cloudUrl: cloud.url,
    cloudPid: cloud.pid,
    userKey: cloud.userKey,
    agentKey: cloud.agentKey,
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
