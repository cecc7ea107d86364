import { once } from "node:events";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { makeId } from "@weir/protocol/ids";
import { needed } from "../needed.ts";
import type { RedisAddress } from "./address.ts";
import { openRedis } from "./redis.ts";
import { type JobData, keysOf, type StopOrder, encode, stopChannel } from "./wire.ts";

/** How long Redis keeps what belongs to a flow's process that has fallen silent. Workers then drop its jobs. */
const FORGOTTEN_MS = 60_000;
/** How long one look at the replies waits for more. */
const READ_MS = 5_000;
const READ_COUNT = 500;
const CLOSE_MS = 1_000;
/** Failed jobs are for people who look at the queue; the flow has been told. */
const KEEP_FAILED = { age: 3_600, count: 1_000 };

const WHO = "bullmq()";

/** What an executor keeps in Redis: its jobs, the set of those that it still wants, and a stream of replies. */
export class Session {
  readonly id = makeId();
  readonly queue: Queue;
  readonly #name: string;
  readonly #client: Redis;
  readonly #reader: Redis;
  readonly #keys: { replies: string; wanted: string };

  constructor(name: string, queue: Queue, client: Redis, reader: Redis) {
    this.#name = name;
    this.queue = queue;
    this.#client = client;
    this.#reader = reader;
    this.#keys = keysOf(name, this.id);
    queue.on("error", () => undefined);
  }

  /** @throws WeirError `EXECUTOR_FAILED` when Redis cannot be reached, or a package is missing. */
  static async open(name: string, address: RedisAddress): Promise<Session> {
    const { Queue } = await needed(WHO, "bullmq", async () => await import("bullmq"));
    const client = await openRedis(WHO, address);
    const reader = await openRedis(WHO, address).catch((error: unknown) => {
      client.disconnect();
      throw error;
    });
    const session = new Session(name, new Queue(name, { connection: client }), client, reader);
    await session.begin();
    return session;
  }

  /** Makes the stream of replies. Workers write to it only while it is there: they learn so that nobody waits any more. */
  async begin(): Promise<void> {
    const { replies } = this.#keys;
    await this.#client.pipeline().xadd(replies, "*", "m", "").pexpire(replies, FORGOTTEN_MS).exec();
  }

  /** Tells Redis that somebody still waits. False: it has forgotten all, by a restart or because this process stood still too long. */
  async refresh(): Promise<boolean> {
    const { replies, wanted } = this.#keys;
    await this.#client.pexpire(wanted, FORGOTTEN_MS);
    return (await this.#client.pexpire(replies, FORGOTTEN_MS)) === 1;
  }

  async add(job: string, task: string, data: JobData): Promise<void> {
    const { wanted } = this.#keys;
    await this.#client.pipeline().sadd(wanted, job).pexpire(wanted, FORGOTTEN_MS).exec();
    // Tries are counted and repeated by the engine alone.
    const options = { jobId: job, attempts: 1, removeOnComplete: true, removeOnFail: KEEP_FAILED };
    await this.queue.add(task, data, options);
  }

  /** Nobody waits for the job any more. A worker that has it finds that out by itself. */
  async drop(job: string, hasEnded: boolean): Promise<void> {
    await this.#client.srem(this.#keys.wanted, job);
    if (!hasEnded) await this.queue.remove(job);
  }

  async stop(order: StopOrder): Promise<void> {
    await this.#client.publish(stopChannel(this.#name), encode(order));
  }

  /** Replies after one, waiting for them a while. */
  async read(after: string): Promise<{ id: string; text: string }[]> {
    const { replies } = this.#keys;
    const found = await this.#reader.xread("COUNT", READ_COUNT, "BLOCK", READ_MS, "STREAMS", replies, after);
    const entries = found?.[0]?.[1] ?? [];
    return entries.map(([id, fields]) => ({ id, text: fields[1] ?? "" }));
  }

  /** Replies up to this one were read. */
  async forget(id: string): Promise<void> {
    await this.#client.xtrim(this.#keys.replies, "MINID", id);
  }

  onReconnect(callback: () => void): void {
    this.#client.on("ready", callback);
  }

  /** Leaves nothing behind, unless Redis does not answer: then it forgets by itself. */
  async close(underWay: readonly Promise<void>[]): Promise<void> {
    const { replies, wanted } = this.#keys;
    const late = AbortSignal.timeout(CLOSE_MS);
    const cleaned = Promise.all(underWay)
      .then(async () => await this.#client.del(replies, wanted))
      .then(async () => await this.queue.close());
    await Promise.race([cleaned.catch(() => undefined), once(late, "abort")]);
    this.#reader.disconnect();
    this.#client.disconnect();
  }
}
