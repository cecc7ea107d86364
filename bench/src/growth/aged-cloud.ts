import { createApiKey, createSecrets } from "@weir/cloud-api";
import { type Load, openLoad } from "../claims/load.ts";
import { endRuns, makeRuns } from "../claims/loaded-tenant.ts";
import { commonQueries, sendQuery } from "../scale/common-queries.ts";
import { seed } from "../scale/seed.ts";
import type { Stage } from "../stage/stage.ts";
import type { Sampled } from "./in-turn.ts";

/** In a round. */
export const SAMPLES = 200;
const TENANTS = 50;
const TASKS_EACH = 20;
const DAYS = 10;

/** A cloud that has seen some work. */
export interface AgedCloud {
  readonly claims: Sampled;
  readonly list: Sampled;
}

/** @param taskRuns that all of its fifty tenants ever had, in twenty times fewer flow runs. One in five is of the tenant that asks */
export async function openAged(stage: Stage, name: string, taskRuns: number): Promise<AgedCloud> {
  const load = await openLoad(stage, name);
  const size = { tenants: TENANTS, flowRuns: Math.ceil(taskRuns / TASKS_EACH), taskRunsEach: TASKS_EACH, days: DAYS };
  await seed(load.databaseUrl, load.tenant.tenantId, size, () => undefined);
  // What waits is as much in a young cloud as in an old one: it is the past that has grown.
  await load.pool.query("update flow_runs set state = 'Cancelled', ended_at = created_at where state = 'Scheduled'");
  await load.pool.query("vacuum analyze flow_runs");
  return { claims: claims(load), list: await list(load) };
}

function claims({ pool, tenant, door }: Load): Sampled {
  return {
    prepare: async () => await makeRuns(pool, tenant, SAMPLES),
    sample: async () => {
      const { length } = await door.claim(1);
      if (length !== 1) throw new Error(`A claim answered ${length} runs instead of one.`);
    },
    tidy: async () => await endRuns(pool, tenant),
  };
}

async function list({ url, pool, tenant, secret }: Load): Promise<Sampled> {
  const made = { tenantId: tenant.tenantId, scope: "user", name: "user", rights: { role: "owner" } } as const;
  const { key } = await createApiKey(pool, createSecrets(secret), made);
  const [query] = commonQueries("");
  if (query === undefined) throw new Error("There is no common query.");
  return { sample: async () => void (await sendQuery(url, key, query)) };
}
