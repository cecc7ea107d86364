import type { Contender, Contest } from "./contest.ts";
import { limitRate, peerRate } from "./task-rate.ts";
import type { Stage } from "./stage/stage.ts";

const FLOW_RUNS = 200;
const TASKS_EACH = 10;
/** Requests of the client in flight. */
const CREATING_AT_ONCE = 16;
/** A started child for each of the ten runs that an agent holds by default: the workers are warm. */
const WARM = 10;

/** Many flow runs of ten sequential tasks each, all wanted at once; the client's requests are part of it. */
export const flowRuns: Contest = {
  id: "flow-runs",
  unit: "flow runs/s",
  lines: [
    {
      what: "flow runs of 10 tasks, many at once, results kept (DBOS keeps them too)",
      ours: "ours",
      peer: "DBOS",
      limit: "unnest ÷ 10",
      statistic: "p50",
      goal: { atLeast: 500 },
    },
    {
      what: "flow runs of 10 tasks, many at once, checkpoint: false",
      ours: "ours, unkept",
      peer: "DBOS",
      limit: "unnest ÷ 10",
      statistic: "p50",
      goal: { atLeast: 500 },
    },
  ],
  open: async (stage, scale) => {
    await stage.startAgent({ name: "flow-runs", warmChildren: WARM });
    const dbos = await stage.startPeer("dbos");
    const count = Math.ceil(FLOW_RUNS * scale);
    return {
      ours: manyRuns(stage, "sequential", count),
      DBOS: peerRate(dbos, "many", count),
      "ours, unkept": manyRuns(stage, "sequential-unkept", count),
      "unnest ÷ 10": perFlowRun(limitRate(stage, count * TASKS_EACH)),
    };
  },
};

function manyRuns(stage: Stage, flow: string, count: number): Contender {
  return {
    units: count,
    measure: async () => {
      const began = performance.now();
      const ids = await createMany(stage, flow, count);
      await stage.ended(ids);
      const elapsed = performance.now() - began;
      await stage.mustBeWhole(ids, TASKS_EACH);
      return [(count * 1000) / elapsed];
    },
  };
}

async function createMany(stage: Stage, flow: string, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      ids.push((await stage.createFlowRun({ flow, parameters: { tasks: TASKS_EACH } })).id);
    }
  };
  await Promise.all(Array.from({ length: CREATING_AT_ONCE }, lane));
  return ids;
}

function perFlowRun(limit: Contender): Contender {
  return { ...limit, measure: async () => (await limit.measure()).map((rate) => rate / TASKS_EACH) };
}
