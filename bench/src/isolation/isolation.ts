import { fileURLToPath } from "node:url";
import type { ClaimedRun } from "@weir/protocol";
import type { Contender, Contest, Line } from "../contest.ts";
import { batchesOf } from "../claims/door.ts";
import { type Load, openLoad } from "../claims/load.ts";
import { endRuns, makeRuns } from "../claims/loaded-tenant.ts";

const BARE = fileURLToPath(new URL("bare-cloud.ts", import.meta.url));

/**
 * Runs of one measurement: few, for many rounds. Two measurements of the same differ by 15 %, whatever their length, so that what counts is how often
 * both sides take turns: with 7 rounds of 1,500 runs the reports' median stood at 0.875, with 86 of 500 at 0.95 (± 0.02).
 */
const RUNS = 500;
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
    const isolated = await openLoad(stage, "isolated");
    const bare = await openLoad(stage, "bare", { main: BARE, whenMigrated: WITHOUT_POLICIES });
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
