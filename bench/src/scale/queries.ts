import { readFileSync, writeSync } from "node:fs";
import pg from "pg";
import type { Contender, Contest } from "../contest.ts";
import type { Stage } from "../stage/stage.ts";
import { commonQueries, type CommonQuery, enrol, runToShow, sendQuery } from "./common-queries.ts";
import { FULL_SIZE, seed } from "./seed.ts";

/** Asked one after the other in a round; the 95th percentile is taken over all rounds. */
const SAMPLES = 40;
const GOAL_MS = 50;
/** The least that a request can cost: HTTP, the key, GraphQL, one statement by key. */
const LEAST: CommonQuery = { name: "who am I", path: "/graphql", body: { query: "{ viewer { tenant { name } } }" } };

const tell = (text: string) => void writeSync(2, `queries: ${text}\n`);

/** What people and agents ask most, on 1 million flow runs and 20 million task runs of 50 tenants, asked by the biggest of these. */
export const queries: Contest = {
  id: "queries",
  unit: "ms",
  lines: commonQueries("").map(({ name }) => ({
    what: `${name}, p95 at 1 M flow runs and 20 M task runs`,
    ours: name,
    peer: LEAST.name,
    limit: LEAST.name,
    statistic: "p95",
    goal: { atMost: GOAL_MS },
  })),
  open: async (stage, scale) => {
    const { tenantId, agentKey } = await ownTenant(stage);
    const size = { ...FULL_SIZE, flowRuns: Math.ceil(FULL_SIZE.flowRuns * scale) };
    const made = await seed(stage.databaseUrl, tenantId, size, tell);
    tell(
      `${made.flowRuns} flow runs and ${made.taskRuns} task runs in ${Math.round(made.seconds)} s; the database has ${Math.round(made.bytes / 2 ** 20)} MiB`,
    );
    const pool = new pg.Pool({ connectionString: stage.databaseUrl, max: 1 });
    const runId = await runToShow(pool, tenantId).finally(() => pool.end());
    const session = await enrol(stage.cloudUrl, agentKey);
    const asked = [LEAST, ...commonQueries(runId)];
    return Object.fromEntries(asked.map((query) => [query.name, contender(stage, query, session)]));
  },
};

function contender(stage: Stage, query: CommonQuery, session: string): Contender {
  const key = query.path === "/graphql" ? stage.userKey : session;
  return {
    units: SAMPLES,
    measure: async () => {
      const values: number[] = [];
      while (values.length < SAMPLES) {
        const began = performance.now();
        await sendQuery(stage.cloudUrl, key, query);
        values.push(performance.now() - began);
      }
      return values;
    },
  };
}

/** The house's tenant, which becomes the biggest of the seeded ones, and the key of its agents. */
async function ownTenant(stage: Stage): Promise<{ tenantId: string; agentKey: string }> {
  const { agentKey } = JSON.parse(readFileSync(stage.keysFile, "utf8")) as { agentKey: string };
  const body = JSON.stringify({ query: "{ viewer { tenant { id } } }" });
  const headers = { "content-type": "application/json", authorization: `Bearer ${stage.userKey}` };
  const reply = await fetch(new URL("/graphql", stage.cloudUrl), { method: "POST", headers, body });
  const { data } = (await reply.json()) as { data: { viewer: { tenant: { id: string } } } };
  return { tenantId: data.viewer.tenant.id, agentKey };
}
