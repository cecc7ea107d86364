import type { SlotsReply } from "@weir/protocol";

/** A task run that needs slots. */
export interface SlotTask {
  readonly number: number;
  readonly tags: readonly string[];
}

/** What a queue works with. */
export interface SlotQueueDeps {
  /** Asks the cloud, until it answers. */
  readonly ask: (tasks: readonly SlotTask[]) => Promise<SlotsReply>;
  readonly answer: (id: number, answer: { granted: boolean; waitSeconds: number }) => void;
  readonly refuse: (id: number, error: unknown) => void;
  /** Tells the child of task runs that it knows as queued. */
  readonly grant: (numbers: number[]) => void;
  /** Least time between two questions about one queued task run. Milliseconds. */
  readonly leastWaitMs: number;
}

interface Queued {
  readonly task: SlotTask;
  waitMs: number;
  /** `performance.now()` */
  dueAt: number;
}

/** The longest wait that a cloud may ask for: an hour is beyond all that makes sense, and timers of Node wrap round at 24 days. */
const MOST_WAIT_SECONDS = 3_600;
/** As many as one message takes. */
const TASKS_PER_QUESTION = 1_000;

/**
 * Asks for concurrency slots: of all task runs that want some at one moment with one message, and of those that are queued again and
 * again. Their grant comes as an order in a report's reply; should that reply be lost, the next question brings the same grant.
 */
export class SlotQueue {
  readonly #o: SlotQueueDeps;
  /** Ids of questions that have no answer yet, by the task run that they are about. */
  readonly #asked = new Map<number, { task: SlotTask; ids: number[] }>();
  /** Not granted so far, those that are to be asked for first at the front. */
  readonly #queued = new Map<number, Queued>();
  /** Granted by an order while the answer to their question, which may still say no, was on its way. */
  readonly #overtaken = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #asking = false;
  #closed = false;

  constructor(o: SlotQueueDeps) {
    this.#o = o;
  }

  /** Task runs that were not granted so far. */
  get size(): number {
    return this.#queued.size;
  }

  ask(id: number, task: SlotTask): void {
    if (this.#closed) return;
    this.#queued.delete(task.number);
    const before = this.#asked.get(task.number);
    if (before) before.ids.push(id);
    else this.#asked.set(task.number, { task, ids: [id] });
    void this.#askAll();
  }

  /**
   * The cloud granted these by an order, which goes to the child by itself. They stay in the queue until their next event shows that the
   * child has taken the grant.
   */
  granted(numbers: readonly number[]): void {
    for (const number of numbers) {
      if (this.#asked.has(number)) this.#overtaken.add(number);
      else this.#putOff(number);
    }
  }

  /** A task run is not queued any more. */
  gone(number: number): void {
    this.#queued.delete(number);
  }

  /** Asks no more. Questions without an answer stay without. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#asked.clear();
    this.#queued.clear();
  }

  async #askAll(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    // What is asked in the same turn goes along.
    await new Promise((turn) => setImmediate(turn));
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) await this.#askFor(batch);
    this.#asking = false;
    this.#askLater();
  }

  #askLater(): void {
    const [first] = this.#queued.values();
    if (this.#closed || first === undefined) return;
    this.#timer = setTimeout(() => void this.#askAll(), Math.max(1, first.dueAt - performance.now()));
  }

  #next(): SlotTask[] {
    const batch = [...this.#asked.values()].slice(0, TASKS_PER_QUESTION).map(({ task }) => task);
    for (const { task, dueAt } of this.#queued.values()) {
      if (batch.length >= TASKS_PER_QUESTION || dueAt > performance.now()) break;
      batch.push(task);
    }
    return batch;
  }

  async #askFor(batch: readonly SlotTask[]): Promise<void> {
    const asked = batch.flatMap(({ number }) => this.#asked.get(number) ?? []);
    try {
      const { granted, waitSeconds } = await this.#o.ask(batch);
      if (this.#closed) return;
      this.#heard(batch, new Set(granted), Math.min(MOST_WAIT_SECONDS, waitSeconds));
    } catch (error) {
      if (this.#closed) return;
      for (const { task, ids } of asked) {
        this.#asked.delete(task.number);
        for (const id of ids) this.#o.refuse(id, error);
      }
      for (const { number } of batch) this.#putOff(number);
    }
    this.#overtaken.clear();
  }

  #heard(batch: readonly SlotTask[], granted: ReadonlySet<number>, waitSeconds: number): void {
    const waitMs = Math.max(this.#o.leastWaitMs, waitSeconds * 1_000);
    const late: number[] = [];
    for (const task of batch) {
      const { number } = task;
      const asked = this.#asked.get(number);
      const has = granted.has(number) || this.#overtaken.has(number);
      if (asked === undefined) {
        if (has && this.#queued.has(number)) late.push(number);
        this.#putOff(number, waitMs);
        continue;
      }
      this.#asked.delete(number);
      if (!has) this.#queued.set(number, { task, waitMs, dueAt: performance.now() + waitMs });
      for (const id of asked.ids) this.#o.answer(id, { granted: has, waitSeconds });
    }
    if (late.length > 0) this.#o.grant(late);
  }

  /** To the end of the queue, unless it has left it meanwhile. */
  #putOff(number: number, waitMs?: number): void {
    const queued = this.#queued.get(number);
    if (queued === undefined) return;
    queued.waitMs = waitMs ?? queued.waitMs;
    queued.dueAt = performance.now() + queued.waitMs;
    this.#queued.delete(number);
    this.#queued.set(number, queued);
  }
}
