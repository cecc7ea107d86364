import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClaimedRun } from "@weir/protocol";
import pg from "pg";
import type { Contender, Contest, Line } from "../contest.ts";
import { enrol } from "../scale/common-queries.ts";
import type { Stage } from "../stage/stage.ts";
import { batchesOf, type Door, openDoor } from "../claims/door.ts";
import { endRuns, type LoadedTenant, makeRuns, makeTenant } from "../claims/loaded-tenant.ts";

const ISOLATED = fileURLToPath(new URL("../../../apps/cloud-api/src/main.ts", import.meta.url));
const BARE = fileURLToPath(new URL("bare-cloud.ts", import.meta.url));

/** Runs of one measurement. */
const RUNS = 1_500;
/** Requests at one moment: as many as the lane has connections. */
const SIDE_BY_SIDE = 8;

const line = (name: string): Line => ({
  what: `${name}, with row-level security and the tenant in each message (peer: the same code with neither)`,
  ours: name,
  peer: `${name}, bare`,
  limit: `${name}, bare`,
  statistic: "p50",
  goal: { timesPeer: 0.9 },
});

/** What it costs that the database keeps tenants apart: the same requests to the same code, with and without. */
export const isolation: Contest = {
  id: "isolation",
  unit: "requests/s",
  lines: [line("claims"), line("reports")],
  open: async (stage, scale) => {
    const runs = Math.ceil(RUNS * scale);
    const isolated = await openLoad(stage, "isolated", ISOLATED, "select 1");
    const bare = await openLoad(stage, "bare", BARE, WITHOUT_POLICIES);
    return {
      claims: claims(isolated, runs),
      "claims, bare": claims(bare, runs),
      reports: reports(isolated, runs),
      "reports, bare": reports(bare, runs),
    };
  },
};

const WITHOUT_POLICIES = `do $$ declare t regclass; begin
  for t in select oid from pg_class where relnamespace in ('public'::regnamespace, 'partitions'::regnamespace) and relrowsecurity loop
    execute format('alter table %s disable row level security', t);
  end loop; end $$`;

interface Load {
  readonly pool: pg.Pool;
  readonly tenant: LoadedTenant;
  readonly door: Door;
}

async function openLoad(stage: Stage, name: string, main: string, whenMigrated: string): Promise<Load> {
  const databaseUrl = await stage.makeDatabase(name);
  const secretFile = join(dirname(stage.keysFile), "cloud-secret");
  const cloud = stage.startProgram({
    main,
    env: { WEIR_DATABASE_URL: databaseUrl, WEIR_CLOUD_SECRET_FILE: secretFile, WEIR_CLOUD_PORT: "0" },
    logFile: join(stage.directory, `${name}.log`),
  });
  const { url } = (await cloud.message()) as { url: string };
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2, allowExitOnIdle: true });
  // The house takes Postgres down before this pool is of no use any more.
  pool.on("error", () => undefined);
  await pool.query(whenMigrated);
  const tenant = await makeTenant(pool, readFileSync(secretFile, "utf8").trim());
  return { pool, tenant, door: openDoor(url, await enrol(url, tenant.agentKey)) };
}

function claims({ pool, tenant, door }: Load, runs: number): Contender {
  return {
    units: runs,
    measure: async () => {
      await makeRuns(pool, tenant, runs);
      const rate = await requestsPerSecond(runs, async () => {
        const { length } = await door.claim(1);
        if (length !== 1) throw new Error(`A claim answered ${length} runs instead of one.`);
      });
      await endRuns(pool, tenant);
      return [rate];
    },
  };
}

function reports({ pool, tenant, door }: Load, runs: number): Contender {
  const batches = batchesOf(Date.now());
  return {
    units: runs * batches.length,
    measure: async () => {
      await makeRuns(pool, tenant, runs);
      const claimed: ClaimedRun[] = [];
      while (claimed.length < runs) claimed.push(...(await door.claim(Math.min(50, runs - claimed.length))));
      const rate = await requestsPerSecond(runs, async (index) => {
        let first = 1;
        for (const events of batches) {
          await door.report(claimed[index] as ClaimedRun, first, events);
          first += events.length;
        }
      });
      return [rate * batches.length];
    },
  };
}

async function requestsPerSecond(times: number, work: (index: number) => Promise<void>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < times) await work(next++);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return (times * 1000) / (performance.now() - began);
}
