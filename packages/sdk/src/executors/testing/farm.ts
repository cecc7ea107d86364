import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { BullmqExecutor, type BullmqOptions } from "../bullmq/bullmq.ts";
import type { WorkerOrder } from "../bullmq/worker-main.ts";
import { linesOf, type TestJob } from "./job.ts";
import { TestRedis } from "./redis.ts";
import { WorkerProcess } from "./worker-process.ts";

const FILE = join(import.meta.dirname, "worker-tasks.ts");
/** Fast enough for tests; a worker's stall interval is shorter still. */
const TIMING = { refreshMs: 100, checkMs: 100 };

/** A Redis, an executor and as many workers as a test wants; all of it goes when the test ends. */
export class Farm {
  readonly redis: TestRedis;
  readonly executor: BullmqExecutor;
  readonly directory: string;

  constructor(redis: TestRedis, options: Partial<BullmqOptions>) {
    this.redis = redis;
    this.executor = new BullmqExecutor({ connection: redis.url, ...options }, TIMING);
    this.directory = mkdtempSync(join(tmpdir(), "weir farm "));
    onTestFinished(async () => {
      await this.executor.close();
      await redis.stop();
      rmSync(this.directory, { recursive: true, force: true });
    });
  }

  static async start(options: Partial<BullmqOptions> = {}): Promise<Farm> {
    return new Farm(await TestRedis.start(), options);
  }

  /** A worker that dies by itself, maybe before it could say that it is ready. */
  async dyingWorker(): Promise<void> {
    await new WorkerProcess({ redis: this.redis.url, files: [FILE], stallMs: 300 }).ended();
  }

  async worker(over: Partial<WorkerOrder> = {}): Promise<WorkerProcess> {
    const worker = await WorkerProcess.started({ redis: this.redis.url, files: [FILE], stallMs: 300, ...over });
    onTestFinished(async () => void (await worker.kill()));
    return worker;
  }

  /** Keys of jobs that are not over. */
  async jobs(): Promise<string[]> {
    return (await this.redis.client.keys("bull:*")).filter((key) => /:[0-9a-f-]{36}$/.test(key));
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  touch(name: string): void {
    writeFileSync(this.path(name), "");
  }

  /** How often something was noted in a file. */
  count(name: string, word: string): number {
    if (!existsSync(this.path(name))) return 0;
    return readFileSync(this.path(name), "utf8")
      .split("\n")
      .filter((line) => line === word).length;
  }
}

/** Waits until a job has begun for the n-th time; gives the worker's process id. */
export async function begunIn(job: TestJob, times = 1): Promise<number> {
  return await eventually(() => {
    const begun = linesOf(job).filter((line) => line.startsWith("begun in "));
    const nth = begun[times - 1];
    if (nth === undefined) throw new Error(`it has begun ${begun.length} times`);
    return Number(nth.slice("begun in ".length));
  });
}
