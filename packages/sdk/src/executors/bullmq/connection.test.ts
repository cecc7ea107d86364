import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { jobOf } from "../testing/job.ts";
import { TestRedis } from "../testing/redis.ts";
import { readAddress, shownAddress } from "./address.ts";
import { bullmq, type BullmqOptions } from "./bullmq.ts";

async function problem(options: BullmqOptions): Promise<unknown> {
  const executor = bullmq(options);
  return await executor.run(jobOf("echo", 1)).catch((error: unknown) => error);
}

test("a Redis that is not there is one sentence, at once", async () => {
  expect(await problem({ connection: { port: 1, password: "hush-hush" } })).toMatchObject({
    code: "EXECUTOR_FAILED",
    message:
      "Redis at 127.0.0.1:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1. Check that it runs, and that this machine may reach it.",
  });
});

test("a wrong password is told, but not repeated anywhere in the error", async () => {
  const redis = await TestRedis.start("right-one");
  onTestFinished(async () => await redis.stop());
  const error = await problem({ connection: `redis://:wrong-one@127.0.0.1:${redis.port}` });
  expect(error).toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringMatching(/cannot be used: WRONGPASS .* Check user and password\.$/) as string,
  });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("wrong-one");
});

test("an executor that could not connect connects again", async () => {
  const redis = await TestRedis.start();
  onTestFinished(async () => await redis.stop());
  const ports = [1, redis.port];
  const executor = bullmq({ connection: () => ({ port: ports.shift() ?? 0 }) });
  onTestFinished(async () => await executor.close());
  await expect(executor.run(jobOf("echo", 1))).rejects.toThrow("ECONNREFUSED");
  const job = jobOf("echo", 1);
  const outcome = executor.run(job).catch((error: unknown) => error);
  job.controller.abort(new Error("enough"));
  expect(await outcome).toMatchObject({ message: "enough" });
});

test("a Redis that does not answer keeps nobody from cancelling, nor from closing", async () => {
  const redis = await TestRedis.start();
  onTestFinished(async () => await redis.stop());
  const executor = bullmq({ connection: redis.url, grace: 50 });
  const first = jobOf("echo", 1);
  const outcome = executor.run(first).catch((error: unknown) => error);
  await eventually(async () => expect(await redis.client.llen("bull:weir:wait")).toBe(1));
  redis.freeze();
  const second = jobOf("echo", 1);
  const other = executor.run(second).catch((error: unknown) => error);
  for (const { controller } of [first, second]) controller.abort(new Error("cancelled"));
  expect(await Promise.all([outcome, other])).toMatchObject([{ message: "cancelled" }, { message: "cancelled" }]);
  await executor.close();
});

test("addresses", () => {
  expect(readAddress("rediss://me:p%40ss@[::1]:6390/2")).toEqual({
    host: "::1",
    port: 6390,
    username: "me",
    password: "p@ss",
    database: 2,
    tls: true,
  });
  expect(shownAddress(readAddress("redis://:secret@cache/3"))).toBe("Redis at cache:6379 (database 3)");
  expect(() => readAddress("http://:secret@cache")).toThrow(/^The URL of Redis must look like redis:\/\/host:6379\/0/);
  expect(() => readAddress("redis://cache/zero")).toThrow("must be the number of a database");
  expect(() => bullmq({ connection: "cache:6379" })).toThrow("The URL of Redis");
  expect(() => bullmq({ connection: {}, queue: "a:b" })).toThrow('The queue "a:b" cannot be named so');
});
