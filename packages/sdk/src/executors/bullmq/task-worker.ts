import type { Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { RunCancelledError } from "../../errors.ts";
import { needed } from "../needed.ts";
import type { TaskPlace } from "../task-registry.ts";
import { ThreadPool } from "../threads/pool.ts";
import { executorFailed, thrownOf } from "../thrown.ts";
import type { RedisAddress } from "./address.ts";
import { openRedis } from "./redis.ts";
import { Replies } from "./replies.ts";
import { placeAmong } from "./task-ref.ts";
import { decode, type JobData, keysOf, type Order, stopChannel, type StopOrder } from "./wire.ts";

/** What a worker is started with. */
export interface WorkerSettings {
  readonly address: RedisAddress;
  readonly queue: string;
  /** Files whose tasks it runs, as `file:` URLs. */
  readonly files: readonly string[];
  /** Tries at a time, each in a thread. */
  readonly concurrency: number;
  /** How long a worker may be silent before another one takes its jobs. Milliseconds. */
  readonly stallMs: number;
  /** How long tries may go on after `stop`, before they are given to other workers. Milliseconds. */
  readonly graceMs: number;
  /** Where problems are told that belong to no job. */
  readonly log: (level: "info" | "warn", text: string) => void;
}

/** Workers that may die over one job before it fails: a task that takes its machine down would take down all of them. */
const MOST_DEATHS = 2;
const KILL_GRACE_MS = 200;
const IDLE_MS = 30_000;
/** How often it is looked whether somebody still waits: an order to stop may have been missed. */
const WANTED_MS = 1_000;
const WHO = "weir worker";

interface ActiveJob {
  readonly controller: AbortController;
  readonly replies: Replies;
  readonly wantedKey: string;
}

/** Takes jobs of one queue and runs them in threads: the event loop here stays free to tell Redis that it lives. */
export class TaskWorker {
  readonly tasks: readonly TaskPlace[];
  readonly #settings: WorkerSettings;
  readonly #pool: ThreadPool;
  readonly #client: Redis;
  readonly #listener: Redis;
  readonly #active = new Map<string, ActiveJob>();
  readonly #timer: NodeJS.Timeout;
  #worker: Worker<JobData> | null = null;
  #isHandingOver = false;

  constructor(settings: WorkerSettings, pool: ThreadPool, tasks: readonly TaskPlace[], client: Redis, listener: Redis) {
    this.#settings = settings;
    this.#pool = pool;
    this.tasks = tasks;
    this.#client = client;
    this.#listener = listener;
    this.#timer = setInterval(() => void this.#stopUnwanted().catch(() => undefined), WANTED_MS);
  }

  /** Loads the files, connects and begins to take jobs. @throws WeirError with a sentence. */
  static async start(settings: WorkerSettings): Promise<TaskWorker> {
    const { concurrency: size, address, files } = settings;
    const pool = new ThreadPool({ size, idleTimeoutMs: IDLE_MS, graceMs: KILL_GRACE_MS, memoryMiB: null });
    const look = await pool.look(files, new AbortController().signal);
    if (!look.ok) throw executorFailed(look.problem);
    if (look.tasks.length === 0)
      throw executorFailed(
        "The files define no task while they are loaded. Define tasks at the top level of a module.",
      );
    const client = await openRedis(WHO, address);
    const listener = await openRedis(WHO, address);
    const worker = new TaskWorker(settings, pool, look.tasks, client, listener);
    await worker.#listen();
    await worker.#begin();
    return worker;
  }

  /** Takes no more jobs and waits for those that run; what is not over in time goes back to the queue, for other workers. */
  async stop(): Promise<void> {
    const timer = setTimeout(() => this.#handOver(), this.#settings.graceMs);
    await this.#worker?.close();
    clearTimeout(timer);
    clearInterval(this.#timer);
    this.#listener.disconnect();
    this.#client.disconnect();
    await this.#pool.close();
  }

  async #listen(): Promise<void> {
    this.#listener.on("message", (_channel: string, text: string) => {
      const { job, reason } = decode(text) as StopOrder;
      this.#active.get(job)?.controller.abort(thrownOf(reason));
    });
    await this.#listener.subscribe(stopChannel(this.#settings.queue));
  }

  async #begin(): Promise<void> {
    const { queue, concurrency, stallMs, log } = this.#settings;
    const { Worker, WaitingError } = await needed(WHO, "bullmq", async () => await import("bullmq"));
    const process = async (job: Job<JobData>, token?: string): Promise<null> => {
      const isOver = await this.#process(job);
      if (isOver) return null;
      await job.moveToWait(token);
      throw new WaitingError();
    };
    const worker = new Worker<JobData>(queue, process, {
      connection: this.#client,
      concurrency,
      lockDuration: stallMs,
      stalledInterval: Math.max(1, stallMs / 2),
      maxStalledCount: MOST_DEATHS,
    });
    worker.on("error", (error) => log("warn", error.message));
    // Another worker has them, or will: this one stood still for too long.
    worker.on("lockRenewalFailed", (jobs) => jobs.forEach((job) => this.#lose(job)));
    await worker.waitUntilReady();
    this.#worker = worker;
  }

  /** False: the job must go back to the queue. */
  async #process(job: Job<JobData>): Promise<boolean> {
    const id = job.id ?? "";
    if (job.data.weir !== 1)
      throw new Error("This job is none of Weir's, or of a newer Weir: give it a queue of its own.");
    const keys = keysOf(this.#settings.queue, job.data.executor);
    // Whoever waited is gone, was cancelled, or got the value from another worker that died right after.
    if ((await this.#client.sismember(keys.wanted, id)) === 0) return true;
    const controller = new AbortController();
    const replies = new Replies(this.#client, keys.replies, id, () => controller.abort(nobodyWaits()));
    this.#active.set(id, { controller, replies, wantedKey: keys.wanted });
    try {
      return await this.#run(job.data, replies, controller.signal);
    } finally {
      this.#active.delete(id);
    }
  }

  async #run({ order, maxBytes }: JobData, replies: Replies, signal: AbortSignal): Promise<boolean> {
    const { ref, inputs, facts } = decode(order) as Order;
    try {
      const place = placeAmong(this.tasks, ref);
      if (place === null) throw executorFailed(this.#unknownTask(ref.name, ref.path));
      const value = await this.#pool.run({ place, inputs, facts, signal, listener: replies });
      await replies.returned(ref.name, value, maxBytes);
    } catch (thrown) {
      if (this.#isHandingOver && signal.aborted) return false;
      await replies.threw(thrown);
    }
    return true;
  }

  #unknownTask(name: string, path: string): string {
    const known = [...new Set(this.tasks.map((task) => JSON.stringify(task.name)))].slice(0, 20).join(", ");
    return `A worker of the queue ${this.#settings.queue} has no task ${JSON.stringify(name)} of ${path}, only ${known}. Start the workers of this queue with --file ${path}, or give the task a queue of its own.`;
  }

  #lose(job: string): void {
    const active = this.#active.get(job);
    if (active === undefined) return;
    this.#settings.log("warn", `This worker stood still: its job ${job} is lost to another one, and ended here.`);
    active.replies.mute();
    active.controller.abort(nobodyWaits());
  }

  #handOver(): void {
    this.#isHandingOver = true;
    for (const { replies, controller } of this.#active.values()) {
      replies.mute();
      controller.abort(new RunCancelledError("The worker is stopped; another one runs the task again."));
    }
  }

  async #stopUnwanted(): Promise<void> {
    for (const [id, { controller, wantedKey }] of this.#active) {
      if ((await this.#client.sismember(wantedKey, id)) === 0) controller.abort(nobodyWaits());
    }
  }
}

function nobodyWaits(): RunCancelledError {
  return new RunCancelledError("Nobody waits for this task any more.");
}
