import { setTimeout as pause } from "node:timers/promises";
import { Logger, run } from "graphile-worker";
import { serve } from "./serve.ts";

// graphile-worker in one process: the caller of addJob is also the worker, and no HTTP lies between. The shortest way there is from
// "wanted" to "started" through Postgres, and so the bar for ours, which goes through GraphQL, a long-poll and another process.

let started: (at: number) => void = () => undefined;

const runner = await run({
  connectionString: process.env["PEER_DATABASE_URL"] ?? "",
  concurrency: 10,
  noHandleSignals: true,
  logger: new Logger(() => () => undefined),
  taskList: { note: async () => started(performance.now()) },
});

/** Milliseconds from the call of addJob until its handler begins. */
async function latency(): Promise<number> {
  const start = new Promise<number>((resolve) => (started = resolve));
  const called = performance.now();
  await runner.addJob("note", {});
  return (await start) - called;
}

/** Jobs are added with a pause between, so that each finds an idle worker, as a run finds an idle agent. */
const PAUSE_MS = 20;

serve({
  latency: async (samples) => {
    const values: number[] = [];
    for (let index = 0; index < samples; index += 1) {
      values.push(await latency());
      await pause(PAUSE_MS);
    }
    return values;
  },
});
