import type { Contender } from "./contest.ts";
import { unnestRate } from "./limit/unnest.ts";
import type { Peer } from "./peers/peer.ts";
import type { Stage } from "./stage/stage.ts";

/** From the moment that the client asks for the run until the cloud has its last event: task runs per second. */
export function oursRate(stage: Stage, flow: string, tasks: number): Contender {
  return {
    units: tasks,
    measure: async () => {
      const began = performance.now();
      const run = await stage.createFlowRun({ flow, parameters: { tasks } });
      await stage.ended([run.id]);
      const elapsed = performance.now() - began;
      await stage.mustBeWhole([run.id], tasks);
      return [(tasks * 1000) / elapsed];
    },
  };
}

/** The peer's own stop-watch, from its start of the workflow to the result. */
export function peerRate(peer: Peer, command: string, size: number): Contender {
  return {
    units: size,
    measure: async () => (await peer.ask(command, size)).map((elapsed) => (size * 1000) / elapsed),
  };
}

/** Plain SQL into our tables. */
export function limitRate(stage: Stage, taskRuns: number): Contender {
  return { units: taskRuns, measure: async () => [await unnestRate(stage.databaseUrl, taskRuns)] };
}
