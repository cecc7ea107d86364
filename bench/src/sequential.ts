import type { Contest } from "./contest.ts";
import { limitRate, oursRate, peerRate } from "./task-rate.ts";

const TASKS = 10_000;
/** DBOS makes a round trip for each: 2,000 take it two seconds, and its rate does not depend on how many there are. */
const STEPS = 2_000;

/** Tasks of one flow run, each begun when the one before is over. */
export const sequential: Contest = {
  id: "sequential",
  unit: "task runs/s",
  lines: [
    {
      what: "sequential, each result kept (DBOS keeps them too)",
      ours: "ours",
      peer: "DBOS",
      limit: "unnest",
      statistic: "p50",
      goal: { atLeast: 15_000, timesPeer: 25 },
    },
    {
      what: "sequential, checkpoint: false",
      ours: "ours, unkept",
      peer: "DBOS",
      limit: "unnest",
      statistic: "p50",
      goal: { atLeast: 15_000, timesPeer: 25 },
    },
  ],
  open: async (stage, scale) => {
    await stage.startAgent({ name: "sequential" });
    const dbos = await stage.startPeer("dbos");
    const tasks = Math.ceil(TASKS * scale);
    return {
      ours: oursRate(stage, "sequential", tasks),
      DBOS: peerRate(dbos, "sequential", Math.ceil(STEPS * scale)),
      "ours, unkept": oursRate(stage, "sequential-unkept", tasks),
      unnest: limitRate(stage, tasks),
    };
  },
};
