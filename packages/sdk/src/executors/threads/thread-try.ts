import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Piscina } from "piscina";
import type { JobFacts } from "../executor.ts";
import type { Listener } from "../job-frame.ts";
import type { TaskPlace } from "../task-registry.ts";
import { executorFailed, thrownData, thrownOf } from "../thrown.ts";
import { howItDied, whatCannotBeCopied } from "./problems.ts";
import type { FromThread, KvAsk, ToThread, TryOrder } from "./messages.ts";

/** A try for a thread. */
export interface ThreadJob {
  readonly place: TaskPlace;
  readonly inputs: readonly unknown[];
  readonly facts: JobFacts;
  readonly signal: AbortSignal;
  readonly listener: Listener;
}

type Ending = Extract<FromThread, { kind: "returned" | "threw" }>;

/** One try in one thread, as its executor sees it. */
export class ThreadTry {
  readonly #pool: Piscina;
  readonly #job: ThreadJob;
  readonly #graceMs: number;
  readonly #port: MessagePort;
  readonly #farPort: MessagePort;
  readonly #kill = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #ending: Ending | null = null;
  #hasBegun = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: Piscina, job: ThreadJob, graceMs: number) {
    const { port1, port2 } = new MessageChannel();
    this.#pool = pool;
    this.#job = job;
    this.#graceMs = graceMs;
    this.#port = port1;
    this.#farPort = port2;
  }

  /** Gives what the task returned. @throws what it threw, the signal's reason, or WeirError `EXECUTOR_FAILED`. */
  async run(): Promise<unknown> {
    const { signal } = this.#job;
    const stop = (): void => this.#stop();
    this.#port.on("message", (message: FromThread) => this.#heard(message));
    signal.addEventListener("abort", stop, { once: true });
    try {
      await this.#inThread();
      // Piscina's answer and the try's own messages come over two ports: the last of ours may still be on its way.
      await this.#ended.promise;
    } finally {
      clearTimeout(this.#timer);
      signal.removeEventListener("abort", stop);
      this.#port.close();
    }
    return this.#result();
  }

  async #inThread(): Promise<void> {
    const { place, inputs, facts, signal, listener } = this.#job;
    const asksKv = listener.askKv !== undefined;
    const order: TryOrder = { kind: "try", place, inputs, facts, asksKv, port: this.#farPort };
    try {
      await this.#pool.run(order, { transferList: [this.#farPort] as object, signal: this.#kill.signal });
    } catch (error) {
      this.#hearTheRest();
      if (this.#ending !== null) return;
      if (signal.aborted) throw signal.reason;
      throw executorFailed(whatCannotBeCopied(this.#job, error) ?? howItDied(place, error));
    }
  }

  #result(): unknown {
    if (this.#ending?.kind === "returned") return this.#ending.value;
    throw this.#ending === null ? this.#job.signal.reason : thrownOf(this.#ending.thrown);
  }

  #heard(message: FromThread): void {
    if (this.#ending !== null) return;
    if (message.kind === "event") this.#job.listener.emit(message.event);
    else if (message.kind === "secrets") this.#job.listener.redact(message.values);
    else if (message.kind === "begun") this.#begin();
    else if (message.kind === "kv") void this.#ask(message);
    else {
      this.#ending = message;
      this.#ended.resolve();
    }
  }

  #begin(): void {
    this.#hasBegun = true;
    this.#job.listener.begun();
  }

  async #ask({ id, ask, question }: KvAsk): Promise<void> {
    try {
      const answer = await this.#job.listener.askKv?.(ask, question);
      if (answer !== undefined) this.#send({ kind: "kv", id, answer });
    } catch (error) {
      this.#send({ kind: "kv", id, thrown: thrownData(error, structuredClone) });
    }
  }

  #send(message: ToThread): void {
    this.#port.postMessage(message);
  }

  /** What a thread said before it died lies in the port still. */
  #hearTheRest(): void {
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      this.#heard(next.message as FromThread);
    }
  }

  /** Code that listens to its signal may end in order; a loop that computes hears nothing and is killed with its thread. */
  #stop(): void {
    if (!this.#hasBegun) return this.#kill.abort();
    this.#send({ kind: "stop", reason: thrownData(this.#job.signal.reason, structuredClone) });
    this.#timer = setTimeout(() => this.#kill.abort(), this.#graceMs);
  }
}
