import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { enrol } from "../scale/common-queries.ts";
import type { Stage } from "../stage/stage.ts";
import { type Door, openDoor } from "./door.ts";
import { type LoadedTenant, makeTenant } from "./loaded-tenant.ts";

const MAIN = fileURLToPath(new URL("../../../apps/cloud-api/src/main.ts", import.meta.url));

/** A cloud of a contest's own on a database of its own, with a tenant whose runs are claimed and reported. */
export interface Load {
  readonly url: string;
  readonly databaseUrl: string;
  /** From which keys are made. */
  readonly secret: string;
  /** As the owner of the database. */
  readonly pool: pg.Pool;
  readonly tenant: LoadedTenant;
  readonly door: Door;
}

/** @param o `main`: another program than the cloud that users have; `whenMigrated`: a statement for the finished tables */
export async function openLoad(
  stage: Stage,
  name: string,
  o: { main?: string; whenMigrated?: string } = {},
): Promise<Load> {
  const databaseUrl = await stage.makeDatabase(name);
  const secretFile = join(dirname(stage.keysFile), "cloud-secret");
  const cloud = stage.startProgram({
    main: o.main ?? MAIN,
    env: { WEIR_DATABASE_URL: databaseUrl, WEIR_CLOUD_SECRET_FILE: secretFile, WEIR_CLOUD_PORT: "0" },
    logFile: join(stage.directory, `${name}.log`),
  });
  const { url } = (await cloud.message()) as { url: string };
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, allowExitOnIdle: true });
  // The house takes Postgres down before this pool is of no use any more.
  pool.on("error", () => undefined);
  if (o.whenMigrated !== undefined) await pool.query(o.whenMigrated);
  const secret = readFileSync(secretFile, "utf8").trim();
  const tenant = await makeTenant(pool, secret);
  const door = openDoor(url, await enrol(url, tenant.agentKey));
  return { url, databaseUrl, secret, pool, tenant, door };
}
