import { makeId } from "@weir/protocol/ids";
import type { TaskJob } from "../executor.ts";
import { executorFailed, thrownData, thrownOf } from "../thrown.ts";
import type { Session } from "./session.ts";
import type { TaskRef } from "./task-ref.ts";
import type { Timing } from "./timing.ts";
import { copied, decode, encodeOrder, type Reply } from "./wire.ts";

/** Jobs that one check asks for, of those that have begun and of those that wait: a round trip each. */
const CHECKED = 200;

/** A try that is somewhere. */
class RemoteTry {
  readonly job: TaskJob;
  readonly ended = Promise.withResolvers<unknown>();
  hasBegun = false;
  hasEnded = false;
  /** Redis has not yet said that it has the job. */
  isBeingAdded = true;
  /** Not found in the queue the last time: its reply may be on its way. */
  wasMissing = false;

  constructor(job: TaskJob) {
    this.job = job;
    // It may be rejected before anybody waits: while the job is handed to Redis.
    this.ended.promise.catch(() => undefined);
  }

  async added(): Promise<unknown> {
    this.isBeingAdded = false;
    return await this.ended.promise;
  }
}

/** The tries that a flow's process has handed to workers. */
export class RemoteTries {
  readonly #session: Session;
  readonly #timing: Timing;
  readonly #where: string;
  readonly #tries = new Map<string, RemoteTry>();
  readonly #drops = new Set<Promise<void>>();
  readonly #timers: NodeJS.Timeout[];
  #refreshing: Promise<void> | null = null;
  #checkedUpTo = 0;
  #isClosed = false;
  #hasToldOfNobody = false;

  /** `where` names queue and Redis, for sentences. */
  constructor(session: Session, timing: Timing, where: string) {
    this.#session = session;
    this.#timing = timing;
    this.#where = where;
    this.#timers = [
      setInterval(() => void this.#refresh(), timing.refreshMs),
      setInterval(() => void this.#check(), timing.checkMs),
    ];
    session.onReconnect(() => void this.#refresh());
    void this.#read();
  }

  /** Gives what the task returned. @throws what it threw, the signal's reason, or WeirError `EXECUTOR_FAILED`. */
  async run(job: TaskJob, ref: TaskRef, maxBytes: number): Promise<unknown> {
    job.signal.throwIfAborted();
    const order = encodeOrder({ ref, inputs: job.inputs, facts: job.facts }, maxBytes);
    const id = makeId();
    const one = new RemoteTry(job);
    const stop = (): void => void this.#stop(id, one);
    this.#tries.set(id, one);
    job.signal.addEventListener("abort", stop, { once: true });
    try {
      const data = { weir: 1, executor: this.#session.id, maxBytes, order } as const;
      const added = this.#session.add(id, job.task, data);
      // A Redis that does not answer keeps nobody from being cancelled.
      return await Promise.race([one.ended.promise, added.then(async () => await one.added())]);
    } finally {
      job.signal.removeEventListener("abort", stop);
      this.#tries.delete(id);
      // Once it is dropped, a worker whose try was taken over by another one stops, too.
      this.#drop(id, one.hasEnded);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#session.close([...this.#drops]);
  }

  #drop(id: string, hasEnded: boolean): void {
    const drop = this.#session.drop(id, hasEnded).catch(() => undefined);
    this.#drops.add(drop);
    void drop.finally(() => this.#drops.delete(drop));
  }

  async #stop(id: string, one: RemoteTry): Promise<void> {
    const { reason } = one.job.signal as { reason: unknown };
    if (!one.hasBegun) one.ended.reject(reason);
    else setTimeout(() => one.ended.reject(reason), this.#timing.graceMs).unref();
    await this.#session.stop({ job: id, reason: thrownData(reason, copied) }).catch(() => undefined);
  }

  async #read(): Promise<void> {
    let after = "0";
    while (!this.#isClosed) {
      try {
        const entries = await this.#session.read(after);
        for (const { id, text } of entries) {
          after = id;
          if (text !== "") this.#heard(decode(text) as Reply);
        }
        if (entries.length > 0) await this.#session.forget(after);
      } catch {
        // The connection broke, or something that is no reply lies there. The next look is a round trip away, or waits for the connection.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  #heard(reply: Reply): void {
    const one = this.#tries.get(reply.job);
    if (one === undefined || one.hasEnded) return;
    if (reply.kind === "begun") {
      one.hasBegun = true;
      one.job.begun();
    } else if (reply.kind === "said") {
      for (const said of reply.said) {
        if ("event" in said) one.job.emit(said.event);
        else one.job.redact(said.secrets);
      }
    } else {
      one.hasEnded = true;
      if (reply.kind === "returned") one.ended.resolve(reply.value);
      else one.ended.reject(thrownOf(reply.thrown));
    }
  }

  /** Never twice at once: the second would take what was handed over after the first for lost, too. */
  async #refresh(): Promise<void> {
    this.#refreshing ??= this.#refreshNow().finally(() => (this.#refreshing = null));
    await this.#refreshing;
  }

  async #refreshNow(): Promise<void> {
    const known = [...this.#tries.values()];
    const isKnown = await this.#session.refresh().catch(() => true);
    if (isKnown || this.#isClosed) return;
    await this.#session.begin().catch(() => undefined);
    const message = `${this.#where} has forgotten the tasks that this run waits for: Redis was started anew without its data, or this process stood still for more than a minute.`;
    for (const one of known) one.ended.reject(executorFailed(message));
  }

  /** A job whose workers all died tells nobody of its end, and may not have told of its beginning. */
  async #check(): Promise<void> {
    const all = [...this.#tries];
    const begun = all.filter(([, one]) => one.hasBegun).slice(0, CHECKED);
    const others = all.filter(([, one]) => !one.hasBegun);
    this.#checkedUpTo = this.#checkedUpTo < others.length ? this.#checkedUpTo : 0;
    const some = others.slice(this.#checkedUpTo, this.#checkedUpTo + CHECKED);
    this.#checkedUpTo += CHECKED;
    for (const [id, one] of [...begun, ...some]) await this.#checkOne(id, one).catch(() => undefined);
    if (others.length > 0 && begun.length === 0) await this.#tellOfNobody().catch(() => undefined);
  }

  async #checkOne(id: string, one: RemoteTry): Promise<void> {
    const state = await this.#session.queue.getJobState(id);
    if (one.isBeingAdded) return;
    if (state === "failed") {
      const job = await this.#session.queue.getJob(id);
      const task = JSON.stringify(one.job.task);
      one.ended.reject(executorFailed(`No worker could end the task ${task}: ${job?.failedReason ?? "it failed"}.`));
    } else if (state === "unknown" && one.wasMissing) {
      // If all is gone, that is what is to be told.
      await this.#refresh();
      one.ended.reject(
        executorFailed(`The job of the task ${JSON.stringify(one.job.task)} was removed from ${this.#where}.`),
      );
    }
    one.wasMissing = state === "unknown";
  }

  async #tellOfNobody(): Promise<void> {
    const [first] = this.#tries.values();
    if (this.#hasToldOfNobody || first === undefined || (await this.#session.queue.getWorkersCount()) > 0) return;
    this.#hasToldOfNobody = true;
    const text = `No worker listens to ${this.#where}. Start one where the flow's code is: weir worker --file <file>.`;
    first.job.emit({
      kind: "log",
      at: Date.now(),
      level: "warn",
      logger: "weir",
      text,
      number: first.job.facts.taskRunNumber,
    });
  }
}
