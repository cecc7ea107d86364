import type { Redis } from "ioredis";
import type { RunEvent } from "@weir/protocol";
import type { Listener } from "../job-frame.ts";
import { executorFailed, thrownData } from "../thrown.ts";
import { copied, encode, problemOf, type Reply, type Said } from "./wire.ts";

/** What a try says is gathered this long, so that a thousand lines are not a thousand round trips. */
const GATHER_MS = 10;
/** Most things said that wait while Redis is away; more are counted and dropped. */
const MOST_SAID = 10_000;

type Told<R> = R extends Reply ? Omit<R, "job"> : never;

/** What a worker tells whoever waits for one job. */
export class Replies implements Listener {
  readonly #client: Redis;
  readonly #key: string;
  readonly #job: string;
  readonly #nobodyListens: () => void;
  #said: Said[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;
  #lastSent: Promise<void> = Promise.resolve();
  #isMuted = false;

  constructor(client: Redis, key: string, job: string, nobodyListens: () => void) {
    this.#client = client;
    this.#key = key;
    this.#job = job;
    this.#nobodyListens = nobodyListens;
  }

  begun(): void {
    this.#send({ kind: "begun" });
  }

  emit(event: RunEvent): void {
    this.#say({ event });
  }

  redact(secrets: readonly string[]): void {
    this.#say({ secrets });
  }

  async returned(task: string, value: unknown, maxBytes: number): Promise<void> {
    const problem = problemOf(value, `The value of the task ${JSON.stringify(task)}`, maxBytes);
    if (problem !== null) return await this.threw(executorFailed(problem));
    await this.#end({ kind: "returned", value });
  }

  async threw(thrown: unknown): Promise<void> {
    await this.#end({ kind: "threw", thrown: thrownData(thrown, copied) });
  }

  /** Another worker has the job: what this one still has to say would be said twice, and its end would not be the job's. */
  mute(): void {
    this.#isMuted = true;
  }

  async #end(reply: Told<Reply>): Promise<void> {
    this.#flush();
    this.#send(reply);
    await this.#lastSent;
  }

  #say(said: Said): void {
    // A secret is never dropped: what it is struck out of may still come.
    if (this.#said.length >= MOST_SAID && !("secrets" in said)) this.#dropped += 1;
    else this.#said.push(said);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const said = this.#said;
    if (said.length === 0) return;
    this.#said = [];
    if (this.#dropped > 0) said.push({ event: droppedLine(this.#dropped) });
    this.#dropped = 0;
    this.#send({ kind: "said", said });
  }

  #send(reply: Told<Reply>): void {
    if (this.#isMuted) return;
    const text = encode({ ...reply, job: this.#job });
    this.#lastSent = this.#client.xadd(this.#key, "NOMKSTREAM", "*", "m", text).then((id) => {
      if (id === null) this.#nobodyListens();
    });
    this.#lastSent.catch(() => undefined);
  }
}

function droppedLine(count: number): RunEvent {
  const text = `${count} lines of this task were dropped: they came faster than Redis took them.`;
  return { kind: "log", at: Date.now(), level: "warn", logger: "weir", text };
}
