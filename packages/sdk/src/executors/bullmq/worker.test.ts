import { randomUUID } from "node:crypto";
import { Queue } from "bullmq";
import { expect, test } from "vitest";
import { WeirError } from "../../errors.ts";
import { eventually } from "../../testing/eventually.ts";
import type { TaskFunction } from "../../task/task-types.ts";
import { begunIn, Farm } from "../testing/farm.ts";
import { jobFor, linesOf, type TestJob } from "../testing/job.ts";
import { functions } from "../testing/worker-tasks.ts";
import { encodeOrder } from "./wire.ts";

function jobOf(task: keyof typeof functions, ...inputs: unknown[]): TestJob {
  return jobFor(task, functions[task] as TaskFunction, inputs);
}

function hold(farm: Farm): TestJob {
  return jobOf("hold", farm.path("notes"), farm.path("go"));
}

test("a worker that is killed loses nothing: another one takes the job, and the flow gets its value once", async () => {
  const farm = await Farm.start();
  const workers = [await farm.worker(), await farm.worker()];
  const job = hold(farm);
  const value = farm.executor.run(job);
  const first = await begunIn(job);
  await workers.find(({ process }) => process.pid === first)?.kill();
  const second = await begunIn(job, 2);
  expect(second).not.toBe(first);
  farm.touch("go");
  expect(await value).toBe(second);
  expect(farm.count("notes", "ended")).toBe(1);
});

test("a job waits for a worker; without one, the run's log says so", async () => {
  const farm = await Farm.start({ queue: "lonely" });
  farm.touch("go");
  const job = hold(farm);
  const value = farm.executor.run(job);
  await eventually(() =>
    expect(linesOf(job)[0]).toContain("No worker listens to the queue lonely of Redis at 127.0.0.1"),
  );
  const { process } = await farm.worker({ queue: "lonely" });
  expect(await value).toBe(process.pid);
});

test("a worker that stood still: another one has the job, and what the first still says does not count", async () => {
  const farm = await Farm.start();
  const workers = [await farm.worker(), await farm.worker()];
  const job = hold(farm);
  const value = farm.executor.run(job);
  const first = await begunIn(job);
  const frozen = workers.find(({ process }) => process.pid === first);
  frozen?.process.kill("SIGSTOP");
  const second = await begunIn(job, 2);
  frozen?.process.kill("SIGCONT");
  // It finds out that its lock is lost and ends its try; that is not the end of the flow's.
  await eventually(() => expect(frozen?.output).toContain("is lost to another one"));
  farm.touch("go");
  expect(await value).toBe(second);
});

test("a task that takes its workers down fails in the end, with a sentence", async () => {
  const farm = await Farm.start();
  const outcome = farm.executor.run(jobOf("poison")).catch((error: unknown) => error);
  for (let death = 0; death < 3; death += 1) await farm.dyingWorker();
  await farm.worker();
  expect(await outcome).toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringContaining('No worker could end the task "poison": job stalled more than') as string,
  });
});

test("cancelling ends the try in the worker, and a job that waits is taken out of the queue", async () => {
  const farm = await Farm.start();
  await farm.worker({ concurrency: 1 });
  const running = hold(farm);
  const waiting = hold(farm);
  const outcomes = [running, waiting].map(async (job) => await farm.executor.run(job).catch((error: unknown) => error));
  await begunIn(running);
  const reason = new WeirError("TASK_CANCELLED", "cancelled");
  waiting.controller.abort(reason);
  expect(await outcomes[1]).toBe(reason);
  await eventually(async () => expect(await farm.jobs()).toHaveLength(1));
  running.controller.abort(reason);
  expect(await outcomes[0]).toMatchObject({ message: "cancelled" });
  farm.touch("go");
  expect(await farm.executor.run(hold(farm))).toBeGreaterThan(0);
  expect([farm.count("notes", "begun"), farm.count("notes", "ended")]).toEqual([2, 1]);
});

test("a worker that does not answer an order to stop is not waited for", async () => {
  const farm = await Farm.start({ grace: 50 });
  const { process } = await farm.worker({ stallMs: 60_000 });
  const job = hold(farm);
  const outcome = farm.executor.run(job).catch((error: unknown) => error);
  await begunIn(job);
  process.kill("SIGSTOP");
  const reason = new WeirError("TASK_TIMED_OUT", "too long");
  job.controller.abort(reason);
  expect(await outcome).toBe(reason);
});

test("an order to stop that nobody heard: the worker finds out that nobody waits", async () => {
  const farm = await Farm.start();
  const { process } = await farm.worker({ concurrency: 1 });
  const job = hold(farm);
  const outcome = farm.executor.run(job).catch((error: unknown) => error);
  await begunIn(job);
  const [wanted = ""] = await farm.redis.client.keys("weir:*:wanted:*");
  await farm.redis.client.del(wanted);
  expect(await outcome).toMatchObject({ message: "Nobody waits for this task any more." });
  farm.touch("go");
  expect(await farm.executor.run(hold(farm))).toBe(process.pid);
});

test("a flow's process that is gone: its jobs are dropped, not run", async () => {
  const farm = await Farm.start();
  const { inputs, facts } = hold(farm);
  const ref = { name: "hold", path: "", index: 0 };
  const order = encodeOrder({ ref, inputs, facts }, 10_000);
  const queue = new Queue("weir", { connection: farm.redis.client });
  await queue.add(
    "hold",
    { weir: 1, executor: "gone", maxBytes: 10_000, order },
    { jobId: randomUUID(), removeOnComplete: true },
  );
  expect(await farm.jobs()).toHaveLength(1);
  await farm.worker();
  await eventually(async () => expect(await farm.jobs()).toEqual([]));
  expect(farm.count("notes", "begun")).toBe(0);
});

test("what Redis has forgotten fails, with a sentence", async () => {
  const farm = await Farm.start();
  const lost = farm.executor.run(hold(farm)).catch((error: unknown) => error);
  await eventually(async () => expect(await farm.jobs()).toHaveLength(1));
  // As if this process had stood still for a minute.
  for (const key of await farm.redis.client.keys("weir:*")) await farm.redis.client.del(key);
  expect(await lost).toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringContaining("has forgotten the tasks that this run waits for") as string,
  });
});

test("Redis that comes back without its data: the try fails with a sentence, and the next one runs", async () => {
  const farm = await Farm.start();
  await farm.worker();
  const job = hold(farm);
  const lost = farm.executor.run(job).catch((error: unknown) => error);
  await begunIn(job);
  await farm.redis.restart();
  expect(await lost).toMatchObject({
    message: expect.stringContaining("Redis was started anew without its data") as string,
  });
  farm.touch("go");
  expect(await farm.executor.run(hold(farm))).toBeGreaterThan(0);
});

test("a worker that is stopped gives what it cannot end to another one", async () => {
  const farm = await Farm.start();
  const first = await farm.worker({ graceMs: 50 });
  const job = hold(farm);
  const value = farm.executor.run(job);
  await begunIn(job);
  expect(await first.kill("SIGTERM")).toBe(0);
  const second = await farm.worker({ stallMs: 60_000 });
  expect(await begunIn(job, 2)).toBe(second.process.pid);
  farm.touch("go");
  expect(await value).toBe(second.process.pid);
});

test("a worker whose command line is gone ends", async () => {
  const farm = await Farm.start();
  const worker = await farm.worker();
  worker.process.disconnect();
  expect(await worker.ended()).toBe(0);
});

test("what is larger than may travel is told, in both directions", async () => {
  const farm = await Farm.start({ maxBytes: 10_000 });
  await farm.worker();
  const out = await farm.executor.run(jobOf("large", 20_000)).catch((error: unknown) => error);
  expect(out).toMatchObject({
    message: expect.stringContaining('The value of the task "large" has 20002 bytes') as string,
  });
  const into = await farm.executor.run(jobOf("large", "x".repeat(20_000))).catch((error: unknown) => error);
  expect(into).toMatchObject({
    message: expect.stringContaining('Input 1 of the task "large" has 20002 bytes') as string,
  });
});

test("thousands of lines come in order", async () => {
  const farm = await Farm.start();
  await farm.worker();
  const job = jobOf("chatter", 5_000);
  await farm.executor.run(job);
  expect(linesOf(job)).toEqual(Array.from({ length: 5_000 }, (_, line) => `line ${line}`));
});

test("nothing is left in Redis but what BullMQ keeps of the queue", async () => {
  const farm = await Farm.start();
  await farm.worker();
  await farm.executor.run(jobOf("large", 1));
  await farm.executor.close();
  await eventually(async () => {
    expect(await farm.redis.client.keys("weir:*")).toEqual([]);
    expect(await farm.jobs()).toEqual([]);
  });
});
