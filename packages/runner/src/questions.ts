import { ConnectionError } from "@weir/client";
import {
  type AnswerMessage,
  type Answers,
  type AskMessage,
  isTerminal,
  LIMITS,
  type Order,
  type QuestionKind,
  Refusal,
  type RunEvent,
} from "@weir/protocol";
import { askCloud, type AskDeps, refusedBy, type Refused } from "./ask-cloud.ts";
import { questionProblem } from "./ipc-questions.ts";
import { askKv } from "./kv-questions.ts";
import { Lane } from "./lane.ts";
import { pauseFor } from "./retry-pause.ts";
import { SlotQueue } from "./slot-queue.ts";

/** What the questions of one run work with. */
export interface QuestionsDeps extends AskDeps {
  /** Resolves once the cloud has every event that was appended up to now. */
  readonly upToNow: (signal: AbortSignal) => Promise<void>;
  readonly answer: (message: AnswerMessage) => void;
  readonly order: (order: Order) => void;
  /** The cloud says that this attempt is not the live one. */
  readonly lost: (reason: string) => void;
}

/** A child is not trusted to ask with measure: what is beyond this is refused, not kept. */
const OPEN_MOST = 10_000;
const OPEN_CHARACTERS = 32 * 1024 * 1024;
/** Task runs that may wait for slots, and different tags that they may have. */
const QUEUED_MOST = 200_000;
const TAGS_MOST = 10_000;
/** Requests of one run that are under way at once. */
const LANE_WIDTH = 8;
/** What the way there and back may add to the time that the cloud was asked to hold a question. */
const REPLY_MS = 15_000;
/** An answer sooner than this to a question that was to be held is none worth repeating it at once. */
const TOO_SOON_MS = 200;

interface Open {
  readonly characters: number;
}

/** Answers what one run's child asks of the cloud. */
export class Questions {
  readonly #o: QuestionsDeps;
  readonly #open = new Map<number, Open>();
  readonly #slots: SlotQueue;
  readonly #short = new Lane(LANE_WIDTH);
  readonly #long = new Lane(LANE_WIDTH);
  readonly #stop = new AbortController();
  readonly #tags = new Map<string, string>();
  #characters = 0;
  #closing: Refused | null = null;

  constructor(o: QuestionsDeps) {
    this.#o = o;
    this.#slots = new SlotQueue({
      ask: (tasks) => this.#askSlots(tasks),
      answer: (id, answer) => this.#answer(id, answer),
      refuse: (id, error) => this.#refuse(id, error),
      grant: (numbers) => o.order({ kind: "slots", numbers }),
      leastWaitMs: o.config.backoffBaseMs,
    });
  }

  /** A question of the child. It gets exactly one answer, unless the run leaves this runner before. */
  ask(message: AskMessage): void {
    const { id } = message;
    if (this.#stop.signal.aborted && this.#closing === null) return;
    const refusal = this.#objection(message);
    if (refusal !== null) return this.#o.answer({ kind: "answer", id, refusal });
    const characters = JSON.stringify(message).length;
    this.#open.set(id, { characters });
    this.#characters += characters;
    if (message.ask === "slots") this.#slots.ask(id, { number: message.number, tags: this.#shared(message.tags) });
    else void this.#find(message);
  }

  /** An order of the cloud passes on its way to the child. */
  ordered(order: Order): void {
    if (order.kind === "slots") this.#slots.granted(order.numbers ?? []);
  }

  /** Events pass on their way to the journal: whoever is told there to be anything else than queued needs no slots any more. */
  saw(events: readonly RunEvent[]): void {
    if (this.#slots.size === 0) return;
    for (const event of events) if (event.kind === "task" && event.state !== "Queued") this.#slots.gone(event.number);
  }

  /** Asks no more. With a sentence, the child is told it for every question that is open or still comes. */
  close(sentence?: string): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort(new ConnectionError("ABORTED", "The run asks no more."));
    this.#slots.close();
    const open = [...this.#open.keys()];
    this.#open.clear();
    this.#characters = 0;
    if (sentence === undefined) return;
    this.#closing = { code: "CONFLICT", message: sentence };
    for (const id of open) this.#o.answer({ kind: "answer", id, refusal: this.#closing });
  }

  /** The same tags as the same strings: what is queued may be kept for hours. */
  #shared(tags: readonly string[]): string[] {
    for (const tag of tags) if (!this.#tags.has(tag)) this.#tags.set(tag, tag);
    return tags.map((tag) => this.#tags.get(tag) ?? tag);
  }

  #objection(message: AskMessage): Refused | null {
    if (this.#closing !== null) return this.#closing;
    const problem = questionProblem(message);
    if (problem !== null) return { code: "INVALID", message: `The cloud was not asked (${message.ask}): ${problem}.` };
    if (!this.#isFull() && !this.#open.has(message.id)) return null;
    const text = `The cloud was not asked (${message.ask}): this run has ${this.#open.size} questions open, and ${this.#slots.size} task runs that wait for slots. That is as many as are kept.`;
    return { code: "OVERLOADED", message: text };
  }

  #isFull(): boolean {
    const open = this.#open.size >= OPEN_MOST || this.#characters >= OPEN_CHARACTERS;
    return open || this.#slots.size >= QUEUED_MOST || this.#tags.size >= TAGS_MOST;
  }

  async #find(message: Exclude<AskMessage, { ask: "slots" }>): Promise<void> {
    try {
      this.#answer(message.id, await this.#found(message));
    } catch (error) {
      this.#refuse(message.id, error);
    }
  }

  #found(message: Exclude<AskMessage, { ask: "slots" }>): Promise<Answers[Exclude<QuestionKind, "slots">]> {
    switch (message.ask) {
      case "cached":
        return this.#short.through(() => this.#cached(message));
      case "start":
        return this.#short.through(() => this.#start(message));
      case "outcome":
        return this.#outcome(message.runId);
      case "kvGet":
      case "kvSet":
      case "kvDelete":
        return this.#short.through(() => askKv(message, this.#deps()));
    }
  }

  // Without the events before it, the cloud might take the end of an earlier try for the end of the one that slots were granted to.
  async #askSlots(tasks: readonly { readonly number: number; readonly tags: readonly string[] }[]) {
    const { attempt } = this.#o;
    await this.#o.upToNow(this.#stop.signal);
    const plain = tasks.map(({ number, tags }) => ({ number, tags: [...tags] }));
    return askCloud("slots", { attempt, tasks: plain }, this.#deps());
  }

  async #cached(message: AskMessage & { ask: "cached" }): Promise<Answers["cached"]> {
    const { attempt, gate, scope } = this.#o;
    const { cacheKey, digests } = message;
    // What an earlier task run of the same flow run has cached is to be found too.
    await this.#o.upToNow(this.#stop.signal);
    const { states } = await scope.openCached(await askCloud("cached", { attempt, cacheKey }, this.#deps()));
    return { states, digests: digests.map(({ name, value }) => ({ name, value: gate.keyed(value) })) };
  }

  async #start({ kind: _kind, id: _id, ask: _ask, ...what }: AskMessage & { ask: "start" }): Promise<Answers["start"]> {
    const { attempt } = this.#o;
    const { labels, ...rest } = what;
    const body = { attempt, ...rest, ...(labels === undefined ? {} : { labels: [...labels] }) };
    return askCloud("start", body, this.#deps());
  }

  /** Asks again and again until the run is over. Where more wait than may ask at once, each is held for its share of the time. */
  async #outcome(runId: string): Promise<Answers["outcome"]> {
    const { attempt, scope } = this.#o;
    for (;;) {
      const reply = await this.#long.through(async () => {
        const waitSeconds = (LIMITS.claimWaitSeconds * LANE_WIDTH) / (LANE_WIDTH + this.#long.waiting);
        const sentAt = performance.now();
        const timeoutMs = waitSeconds * 1_000 + REPLY_MS;
        const told = await askCloud("outcome", { attempt, runId, waitSeconds }, { ...this.#deps(), timeoutMs });
        if (told.runId !== runId) throw otherRun(runId);
        if (!isTerminal(told.state) && performance.now() - sentAt < TOO_SOON_MS)
          await pauseFor(TOO_SOON_MS, this.#stop.signal);
        return told;
      });
      if (isTerminal(reply.state)) return scope.openOutcome(reply);
      this.#stop.signal.throwIfAborted();
    }
  }

  #deps(): AskDeps & { signal: AbortSignal } {
    const { signal } = this.#stop;
    signal.throwIfAborted();
    return { ...this.#o, signal };
  }

  #answer(id: number, answer: Answers[keyof Answers]): void {
    if (this.#take(id)) this.#o.answer({ kind: "answer", id, answer });
  }

  #refuse(id: number, error: unknown): void {
    if (error instanceof Refusal && error.code === "STALE_ATTEMPT" && this.#open.has(id))
      return this.#o.lost(`${error.code}: ${error.message}`);
    if (this.#take(id)) this.#o.answer({ kind: "answer", id, refusal: refusedBy(error) });
  }

  #take(id: number): boolean {
    this.#characters -= this.#open.get(id)?.characters ?? 0;
    return this.#open.delete(id);
  }
}

function otherRun(runId: string): ConnectionError {
  const message = `The cloud was asked how the flow run ${runId} stands and answered about another one.`;
  return new ConnectionError("REPLY_INVALID", message);
}
