import { type Duration, durationMs } from "../../duration.ts";
import type { Executor, TaskJob } from "../executor.ts";
import { placeOf } from "../task-registry.ts";
import { executorFailed } from "../thrown.ts";
import { readAddress, type RedisAddress, shownAddress } from "./address.ts";
import { RemoteTries } from "./remote-tries.ts";
import { Session } from "./session.ts";
import { refOf, type TaskRef } from "./task-ref.ts";
import type { Timing } from "./timing.ts";

type Connection = string | RedisAddress;

/** Which Redis `bullmq` uses, and how. */
export interface BullmqOptions {
  /** Your Redis, as fields or as a URL; or a function that gives it, where the password is a secret. */
  readonly connection: Connection | (() => Connection | Promise<Connection>);
  /** Name of the queue: that of the workers' `--queue`. Default: `weir`. */
  readonly queue?: string;
  /** Most bytes that inputs, or a value, may have as JSON. Default: 1 MiB. */
  readonly maxBytes?: number;
  /** How long a worker may take to stop after a timeout or cancel, before it is not waited for any more. Default: 5 s. */
  readonly grace?: Duration;
}

const MAX_BYTES = 1024 * 1024;
const TIMING: Omit<Timing, "graceMs"> = { refreshMs: 15_000, checkMs: 5_000 };

/** @throws TypeError when it cannot be a queue's name. */
export function checkedQueue(name: string): string {
  if (/^[\w.-]{1,100}$/.test(name)) return name;
  throw new TypeError(
    `The queue ${JSON.stringify(name)} cannot be named so: letters, digits, ".", "_" and "-" make a name, 100 at most.`,
  );
}

function refOfJob({ task, fn }: TaskJob): TaskRef {
  const place = placeOf(task, fn);
  if (place !== null) return refOf(place);
  throw executorFailed(
    `The task ${JSON.stringify(task)} cannot run in a worker: it is not known which file defines it. Define it at the top level of a module.`,
  );
}

/** The executor of `bullmq`, with its timers. */
export class BullmqExecutor implements Executor {
  readonly kind = "bullmq";
  readonly #options: BullmqOptions;
  readonly #timing: Timing;
  readonly #queue: string;
  #tries: Promise<RemoteTries> | null = null;
  #password: string | undefined;
  #toldRun: string | null = null;
  #running = 0;
  #isClosing = false;

  constructor(options: BullmqOptions, timing: Omit<Timing, "graceMs">) {
    this.#options = options;
    this.#queue = checkedQueue(options.queue ?? "weir");
    this.#timing = { ...timing, graceMs: durationMs(options.grace ?? "5s", "grace of bullmq()") };
    if (typeof options.connection === "string") readAddress(options.connection);
  }

  async run(job: TaskJob): Promise<unknown> {
    this.#running += 1;
    this.#isClosing = false;
    try {
      const ref = refOfJob(job);
      this.#tries ??= this.#open();
      const tries = await this.#tries;
      this.#tellPassword(job);
      return await tries.run(job, ref, this.#options.maxBytes ?? MAX_BYTES);
    } finally {
      this.#running -= 1;
      if (this.#isClosing && this.#running === 0) await this.close();
    }
  }

  /** Lets go of Redis once no try is waited for. A later try connects anew. */
  async close(): Promise<void> {
    if (this.#running > 0) {
      this.#isClosing = true;
      return;
    }
    const tries = this.#tries;
    this.#tries = null;
    await (await tries?.catch(() => null))?.close();
  }

  /** Once for each run: from then on the gate strikes it out of whatever leaves. */
  #tellPassword(job: TaskJob): void {
    if (this.#password === undefined || this.#toldRun === job.facts.flowRunId) return;
    this.#toldRun = job.facts.flowRunId;
    job.redact([this.#password]);
  }

  async #open(): Promise<RemoteTries> {
    try {
      const { connection } = this.#options;
      const address = readAddress(typeof connection === "function" ? await connection() : connection);
      this.#password = address.password;
      const session = await Session.open(this.#queue, address);
      return new RemoteTries(session, this.#timing, `the queue ${this.#queue} of ${shownAddress(address)}`);
    } catch (error) {
      // The next try connects anew.
      this.#tries = null;
      throw error;
    }
  }
}

/**
 * Runs tries in worker processes on any machine, through your own Redis: nothing of it crosses to the cloud. Start workers with
 * `weir worker --queue … --file …` where the flow's code is; a worker that dies loses nothing, since another one takes its jobs.
 *
 * Tasks must be made while their file is loaded, at its top level. Inputs and values travel as JSON in which dates, bigints, maps, sets and
 * bytes survive. A task may run twice when its worker falls silent; the flow gets one value.
 * @throws TypeError naming the option that makes no sense.
 * @example
 * const farm = bullmq({ connection: { host: "redis.internal" }, queue: "render" });
 * const render = task("render", { executor: farm, timeout: "10m" }, renderPages);
 */
export function bullmq(options: BullmqOptions): Executor {
  return new BullmqExecutor(options, TIMING);
}
