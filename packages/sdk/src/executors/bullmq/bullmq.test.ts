import { join } from "node:path";
import { afterAll } from "vitest";
import { describeExecutor } from "../testing/executor-contract.ts";
import { TestRedis } from "../testing/redis.ts";
import { WorkerProcess } from "../testing/worker-process.ts";
import { bullmq } from "./bullmq.ts";

const FILE = join(import.meta.dirname, "..", "testing", "contract-tasks.ts");
const ends: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

async function withWorker() {
  const redis = await TestRedis.start("contract-password");
  ends.push(async () => await redis.stop());
  const worker = await WorkerProcess.started({ redis: redis.url, files: [FILE] });
  ends.push(async () => await worker.kill());
  return bullmq({ connection: redis.url });
}

describeExecutor(withWorker, { copies: true, kills: true });
