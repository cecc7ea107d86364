import { DBOS, type WorkflowHandle } from "@dbos-inc/dbos-sdk";
import { serve } from "./serve.ts";

// DBOS Transact, as its documentation shows it: one process, workflows and steps registered, the system database in the same
// Postgres as ours. Every step's output is a row in Postgres. Nothing of it is switched off, except its own log below "error".

const step = async (index: number): Promise<number> => index;

const fanOut = DBOS.registerWorkflow(
  async (steps: number) => {
    const all = Array.from({ length: steps }, (_, index) => DBOS.runStep(() => step(index), { name: "step" }));
    return (await Promise.all(all)).length;
  },
  { name: "fanOut" },
);

const sequential = DBOS.registerWorkflow(
  async (steps: number) => {
    for (let index = 0; index < steps; index += 1) await DBOS.runStep(() => step(index), { name: "step" });
    return steps;
  },
  { name: "sequential" },
);

/** Steps in each workflow of the "many at once" measurement, as in ours. */
const STEPS_OF_MANY = 10;
/** Workflows in progress at once. More of them did not make DBOS faster here: its pool of 10 connections is what they wait for. */
const AT_ONCE = 50;

async function timed(work: () => Promise<WorkflowHandle<number>>, steps: number): Promise<readonly number[]> {
  const began = performance.now();
  const handle = await work();
  await handle.getResult();
  const elapsed = performance.now() - began;
  await mustHaveSteps(handle, steps);
  return [elapsed];
}

async function mustHaveSteps(handle: WorkflowHandle<number>, steps: number): Promise<void> {
  const stored = (await DBOS.listWorkflowSteps(handle.workflowID))?.length;
  if (stored !== steps) throw new Error(`DBOS stored ${stored} of ${steps} steps.`);
}

async function many(count: number): Promise<readonly number[]> {
  let left = count;
  let last: WorkflowHandle<number> | undefined;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      last = await DBOS.startWorkflow(sequential)(STEPS_OF_MANY);
      await last.getResult();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const elapsed = performance.now() - began;
  if (last !== undefined) await mustHaveSteps(last, STEPS_OF_MANY);
  return [elapsed];
}

DBOS.setConfig({ name: "weir-bench", systemDatabaseUrl: process.env["PEER_DATABASE_URL"] ?? "", logLevel: "error" });
await DBOS.launch();
serve({
  "fan-out": (steps) => timed(() => DBOS.startWorkflow(fanOut)(steps), steps),
  sequential: (steps) => timed(() => DBOS.startWorkflow(sequential)(steps), steps),
  many,
});
