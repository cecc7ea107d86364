import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contender, Contest } from "./contest.ts";
import { limitRate } from "./task-rate.ts";
import type { Stage } from "./stage/stage.ts";

const TASKS = 10_000;

/** A flow run whose last task failed, restarted: how fast its engine passes over the task runs that had finished. */
export const restart: Contest = {
  id: "restart",
  unit: "task runs/s",
  lines: [
    {
      what: "restart of a run of 10,000 tasks: finished ones passed over",
      ours: "restarted",
      peer: "unnest",
      limit: "unnest",
      statistic: "p50",
      goal: { atLeast: 20_000 },
    },
  ],
  open: async (stage, scale) => {
    await stage.startAgent({ name: "restart" });
    const tasks = Math.ceil(TASKS * scale);
    return { restarted: passedOver(stage, tasks), unnest: limitRate(stage, tasks) };
  },
};

function passedOver(stage: Stage, tasks: number): Contender {
  let round = 0;
  return {
    units: tasks,
    measure: async () => {
      const file = join(stage.directory, `restarted-${(round += 1)}`);
      const run = await stage.createFlowRun({ flow: "restarted", parameters: { tasks, file } });
      await stage.failed(run.id);
      await stage.restartFlowRun(run.id);
      await stage.ended([run.id]);
      return [(tasks * 1e9) / Number(await readFile(file, "utf8"))];
    },
  };
}
