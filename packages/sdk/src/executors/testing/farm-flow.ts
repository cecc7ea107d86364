// A flow whose tasks run in worker processes. Where Redis is, the test says before it runs the flow.
import { setTimeout as sleep } from "node:timers/promises";
import { flow, run, task } from "../../index.ts";
import { bullmq } from "../bullmq/bullmq.ts";

export const redis = { url: "" };

const farm = bullmq({ connection: () => redis.url, queue: "farm" });

const place = task("place", { executor: farm }, async (n: number, when: Date) => {
  run.log.info("number %d of %s", n, when.toISOString());
  return { pid: process.pid, twice: 2n * BigInt(n) };
});
const wait = task(
  "wait",
  { executor: farm, timeout: 300 },
  async () => await sleep(60_000, "too late", { signal: run.signal }),
);

export const spread = flow("spread", async ({ count }: { count: number }) => {
  const days = Array.from({ length: count }, (_, n) => new Date(n * 86_400_000));
  return await place.map([...days.keys()], days);
});
export const late = flow("late", async () => await wait());
