import type { LogEvent } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { TestRedis } from "../testing/redis.ts";
import { Replies } from "./replies.ts";
import { decode, type Reply } from "./wire.ts";

const line = (text: string): LogEvent => ({ kind: "log", at: 1, level: "info", text });

async function repliesOf(redis: TestRedis): Promise<Reply[]> {
  const entries = await redis.client.xrange("replies", "-", "+");
  return entries.flatMap(([, fields]) => (fields[1] === "" ? [] : [decode(fields[1] ?? "") as Reply]));
}

async function start(): Promise<{ redis: TestRedis; replies: Replies; unheard: () => number }> {
  const redis = await TestRedis.start();
  onTestFinished(async () => await redis.stop());
  let unheard = 0;
  const replies = new Replies(redis.client, "replies", "job-1", () => (unheard += 1));
  return { redis, replies, unheard: () => unheard };
}

test("while Redis is away a task that talks without end is cut short, visibly; its secrets and its value are not", async () => {
  const { redis, replies } = await start();
  await redis.client.xadd("replies", "*", "m", "");
  await redis.client.client("PAUSE", 200);
  for (let n = 0; n < 12_000; n += 1) replies.emit(line(`line ${n}`));
  replies.redact(["hush"]);
  await replies.returned("t", 1n, 1_000);
  const all = await repliesOf(redis);
  const said = all.flatMap((reply) => (reply.kind === "said" ? reply.said : []));
  expect(said.slice(0, 2)).toEqual([{ event: line("line 0") }, { event: line("line 1") }]);
  expect(said).toContainEqual({ secrets: ["hush"] });
  expect(said.at(-1)).toMatchObject({
    event: { text: expect.stringContaining("2000 lines of this task were dropped") as string },
  });
  expect(all.at(-1)).toEqual({ kind: "returned", value: 1n, job: "job-1" });
});

test("lines that are large fill it, too", async () => {
  const { redis, replies } = await start();
  await redis.client.xadd("replies", "*", "m", "");
  for (let n = 0; n < 200; n += 1) replies.emit(line("x".repeat(64 * 1024)));
  await replies.threw(new Error("over"));
  const [said] = await repliesOf(redis);
  expect(said?.kind === "said" ? said.said.length : 0).toBe(129);
});

test("nobody listens: nothing is written that nobody would take away, and the try is told", async () => {
  const { redis, replies, unheard } = await start();
  await replies.returned("t", 1, 1_000);
  expect(unheard()).toBe(1);
  expect(await redis.client.keys("*")).toEqual([]);
});

test("a worker that has lost its job says no more", async () => {
  const { redis, replies } = await start();
  await redis.client.xadd("replies", "*", "m", "");
  replies.mute();
  replies.emit(line("late"));
  await replies.returned("t", 1, 1_000);
  expect(await repliesOf(redis)).toEqual([]);
});
