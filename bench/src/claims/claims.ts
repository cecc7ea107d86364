import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import pg from "pg";
import type { Contender, Contest, Line } from "../contest.ts";
import type { Peer } from "../peers/peer.ts";
import { enrol } from "../scale/common-queries.ts";
import type { Stage } from "../stage/stage.ts";
import { type Door, openDoor } from "./door.ts";
import { endRuns, type LoadedTenant, makeRuns, makeTenant } from "./loaded-tenant.ts";

/** Runs of one measurement. */
const RUNS = 4_000;
const AGENTS = 16;
/** As many as an agent takes by default. */
const ROOM = 10;
const LABEL = "warehouse";
/** More than are ever held: what is measured is the looking. */
const SLOTS = 1_000_000;

const line = (what: string, ours: string): Line => ({
  what: `claims by 16 agents with room for 10 each${what}`,
  ours,
  peer: "graphile-worker",
  limit: "graphile-worker",
  statistic: "p50",
  goal: { atLeast: 2_000 },
});

/** How fast runs that wait are given to agents, over HTTP and under row-level security. */
export const claims: Contest = {
  id: "claims",
  unit: "flow runs/s",
  lines: [line("", "claims"), line(", each run under a limit", "claims, limited")],
  open: async (stage, scale) => {
    const runs = Math.ceil(RUNS * scale);
    const pool = new pg.Pool({ connectionString: stage.databaseUrl, max: 2, allowExitOnIdle: true });
    pool.on("error", () => undefined);
    const secret = readFileSync(join(dirname(stage.keysFile), "cloud-secret"), "utf8").trim();
    const of = async (labels: readonly string[]) => {
      const tenant = await makeTenant(pool, secret, `claiming ${labels.join()}`);
      for (const label of labels)
        await pool.query("insert into run_limits (tenant_id, label, slots) values ($1, $2, $3)", [
          tenant.tenantId,
          label,
          SLOTS,
        ]);
      return claiming({ pool, tenant, labels, doors: await openDoors(stage, tenant, labels) }, runs);
    };
    return {
      claims: await of([]),
      "claims, limited": await of([LABEL]),
      "graphile-worker": drained(await stage.startPeer("graphile"), runs),
    };
  },
};

async function openDoors({ cloudUrl }: Stage, { agentKey }: LoadedTenant, labels: readonly string[]): Promise<Door[]> {
  const doors: Door[] = [];
  for (let agent = 1; agent <= AGENTS; agent += 1) {
    const session = await enrol(cloudUrl, agentKey, { name: `agent-${agent}`, labels });
    doors.push(openDoor(cloudUrl, session, labels));
  }
  return doors;
}

interface Load {
  readonly pool: pg.Pool;
  readonly tenant: LoadedTenant;
  readonly labels: readonly string[];
  readonly doors: readonly Door[];
}

/** Every agent claims until nothing is left; no run may be given twice, and none may be left. */
function claiming({ pool, tenant, labels, doors }: Load, runs: number): Contender {
  return {
    units: runs,
    measure: async () => {
      await makeRuns(pool, tenant, runs, labels);
      const given = new Set<string>();
      const began = performance.now();
      await Promise.all(
        doors.map(async (door) => {
          for (let took = await door.claim(ROOM); took.length > 0; took = await door.claim(ROOM))
            for (const { runId } of took) given.add(runId);
        }),
      );
      const elapsed = performance.now() - began;
      await endRuns(pool, tenant);
      if (given.size !== runs) throw new Error(`${given.size} of ${runs} runs were claimed.`);
      return [(runs * 1_000) / elapsed];
    },
  };
}

function drained(peer: Peer, jobs: number): Contender {
  return { units: jobs, measure: async () => await peer.ask("drain", jobs) };
}
