import { setTimeout as pause } from "node:timers/promises";
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { serve } from "./serve.ts";

// graphile-worker in one process: the caller of addJob is also the worker, and no HTTP lies between. The shortest way there is from
// "wanted" to "started" through Postgres, and so the bar for ours, which goes through GraphQL, a long-poll and another process.

let started: (at: number) => void = () => undefined;
let left = 0;
let drained: () => void = () => undefined;

const connectionString = process.env["PEER_DATABASE_URL"] ?? "";
const logger = new Logger(() => () => undefined);

const runner = await run({
  connectionString,
  concurrency: 10,
  noHandleSignals: true,
  logger,
  taskList: {
    note: async () => started(performance.now()),
    nothing: async () => void ((left -= 1) === 0 && drained()),
  },
});

/** Milliseconds from the call of addJob until its handler begins. */
async function latency(): Promise<number> {
  const start = new Promise<number>((resolve) => (started = resolve));
  const called = performance.now();
  await runner.addJob("note", {});
  return (await start) - called;
}

const utils = await makeWorkerUtils({ connectionString, logger });

/** Jobs per second, of jobs that are there and do nothing: each is claimed, and its end is written. */
async function drain(jobs: number): Promise<number> {
  const done = new Promise<void>((resolve) => (drained = resolve));
  left = jobs;
  const began = performance.now();
  await utils.addJobs(Array.from({ length: jobs }, () => ({ identifier: "nothing", payload: {} })));
  await done;
  return (jobs * 1_000) / (performance.now() - began);
}

/** Jobs are added with a pause between, so that each finds an idle worker, as a run finds an idle agent. */
const PAUSE_MS = 20;

serve({
  drain: async (jobs) => [await drain(jobs)],
  latency: async (samples) => {
    const values: number[] = [];
    for (let index = 0; index < samples; index += 1) {
      values.push(await latency());
      await pause(PAUSE_MS);
    }
    return values;
  },
});
