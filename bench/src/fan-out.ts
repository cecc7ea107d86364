import type { Contest } from "./contest.ts";
import { limitRate, oursRate, peerRate } from "./task-rate.ts";

/** Enough that the start of the run, some 20 ms, is a small part. */
const TASKS = 10_000;
/** DBOS is faster with fewer: 1,700 steps/s of 2,000, 1,250 of 10,000. It gets the size that suits it. */
const STEPS = 2_000;

/** Tasks that depend on nothing, all begun at once in one flow run. */
export const fanOut: Contest = {
  id: "fan-out",
  unit: "task runs/s",
  lines: [
    {
      what: "fan-out, each result kept (DBOS keeps them too)",
      ours: "ours",
      peer: "DBOS",
      limit: "unnest",
      statistic: "p50",
      goal: { atLeast: 15_000, timesPeer: 10 },
    },
    {
      what: "fan-out, checkpoint: false",
      ours: "ours, unkept",
      peer: "DBOS",
      limit: "unnest",
      statistic: "p50",
      goal: { atLeast: 15_000, timesPeer: 10 },
    },
  ],
  open: async (stage, scale) => {
    await stage.startAgent({ name: "fan-out" });
    const dbos = await stage.startPeer("dbos");
    const tasks = Math.ceil(TASKS * scale);
    return {
      ours: oursRate(stage, "fan-out", tasks),
      DBOS: peerRate(dbos, "fan-out", Math.ceil(STEPS * scale)),
      "ours, unkept": oursRate(stage, "fan-out-unkept", tasks),
      unnest: limitRate(stage, tasks),
    };
  },
};
