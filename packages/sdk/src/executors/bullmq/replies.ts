import type { Redis } from "ioredis";
import type { RunEvent } from "@weir/protocol";
import type { Listener } from "../job-frame.ts";
import { executorFailed, thrownData } from "../thrown.ts";
import { copied, encode, problemOf, type Reply, type Said } from "./wire.ts";

/** What a try says is gathered this long, so that a thousand lines are not a thousand round trips. */
const GATHER_MS = 10;
/** Most that is kept of what is said while Redis is away or slow; more is counted and dropped. */
const MOST_SAID = 10_000;
const MOST_BYTES = 8 * 1024 * 1024;

type Told<R> = R extends Reply ? Omit<R, "job"> : never;

/** What a worker tells whoever waits for one job. */
export class Replies implements Listener {
  readonly #client: Redis;
  readonly #key: string;
  readonly #job: string;
  readonly #nobodyListens: () => void;
  #said: Said[] = [];
  #saidBytes = 0;
  #isSending = false;
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;
  #isMuted = false;

  constructor(client: Redis, key: string, job: string, nobodyListens: () => void) {
    this.#client = client;
    this.#key = key;
    this.#job = job;
    this.#nobodyListens = nobodyListens;
  }

  begun(): void {
    void this.#send({ kind: "begun" }).catch(() => undefined);
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
    // Both at once: one connection keeps their order.
    const said = this.#sendSaid();
    await Promise.all([said, this.#send(reply)]);
  }

  #say(said: Said): void {
    const bytes = sizeOf(said);
    const isFull = this.#said.length >= MOST_SAID || this.#saidBytes + bytes > MOST_BYTES;
    // A secret is never dropped: what it is struck out of may still come.
    if (isFull && !("secrets" in said)) {
      this.#dropped += 1;
      return;
    }
    this.#said.push(said);
    this.#saidBytes += bytes;
    this.#timer ??= setTimeout(() => void this.#gathered(), GATHER_MS);
  }

  /** One after the other: what is said while Redis is away must wait here, where it is counted, and not in the client. */
  async #gathered(): Promise<void> {
    this.#timer = null;
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#said.length > 0) await this.#sendSaid().catch(() => undefined);
    this.#isSending = false;
  }

  async #sendSaid(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const said = this.#said;
    if (said.length === 0) return;
    if (this.#dropped > 0) said.push({ event: droppedLine(this.#dropped) });
    this.#said = [];
    this.#saidBytes = 0;
    this.#dropped = 0;
    await this.#send({ kind: "said", said });
  }

  async #send(reply: Told<Reply>): Promise<void> {
    if (this.#isMuted) return;
    const id = await this.#client.xadd(this.#key, "NOMKSTREAM", "*", "m", encode({ ...reply, job: this.#job }));
    if (id === null) this.#nobodyListens();
  }
}

function sizeOf(said: Said): number {
  if ("secrets" in said) return 0;
  const { event } = said;
  return event.kind === "log" ? event.text.length : JSON.stringify(event).length;
}

function droppedLine(count: number): RunEvent {
  const text = `${count} lines of this task were dropped: they came faster than Redis took them.`;
  return { kind: "log", at: Date.now(), level: "warn", logger: "weir", text };
}
