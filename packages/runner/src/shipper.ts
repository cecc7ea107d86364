import type { CloudClient, ReplyOf } from "@weir/client";
import type { Gate, RunScope } from "@weir/gate";
import type { Passed } from "@weir/protocol";
import { sendAt } from "./batching.ts";
import type { RunnerConfig } from "./config.ts";
import { heartbeatAt, type Lease, reportTimeoutMs, saneLease } from "./lease.ts";
import { type RunnerLog, sentenceOf } from "./log.ts";
import type { Batch, Outbox } from "./outbox.ts";
import { verdictOn } from "./report-verdict.ts";
import { retryPauseMs } from "./retry-pause.ts";

/** What a shipper tells the run that it works for. */
export interface ShipperListener {
  /** The cloud acknowledged a report. */
  readonly acknowledged: (reply: ReplyOf<"report">) => void;
  /** The cloud will take nothing more of this attempt. */
  readonly lost: (reason: string) => void;
}

/** Of a report that something on the way found too large, this share is tried next. */
const SHRINK = 0.5;
/** A burst is over after so many of the longest delays without anything to send. */
const BURST_ENDS = 4;

/** Refused events of one report that are logged, and characters of each reason: a cloud must not fill the log. */
const TOLD = 20;
const TOLD_CHARACTERS = 500;

/** What a shipper works with. */
export interface ShipperDeps {
  readonly client: CloudClient;
  readonly gate: Gate;
  readonly scope: RunScope;
  readonly outbox: Outbox;
  readonly config: RunnerConfig;
  readonly log: RunnerLog;
  readonly runId: string;
  readonly attempt: number;
  readonly reportMs: number;
  readonly listener: ShipperListener;
}

/** A report that has passed the gate, or is about to. */
interface Prepared {
  readonly batch: Batch;
  readonly passed: Promise<Passed<"report">>;
}

/**
 * The loop that ships one run's events, in order, one report at a time, and keeps its lease alive. While one is on its way, the next passes
 * the gate already, where a report's worth waits: so what redaction, sealing and ledger take is hidden behind the cloud's answer.
 */
export class Shipper {
  readonly #o: ShipperDeps;
  readonly #stop = new AbortController();
  #lease: Lease;
  #token: string;
  #failures = 0;
  #retryAt = 0;
  #since = 0;
  #burst = 0;
  #lastSentAt: number;
  #heartbeatAt: number;
  #hurry = false;
  /** Somebody waits for what waits now to be told. */
  #urgent = false;
  #reportBytes: number;
  /** Last event of the report that is on its way. */
  #sending: number | null = null;
  #ahead: Prepared | null = null;
  #wake: () => void = () => {};
  readonly #done: Promise<void>;

  constructor(o: ShipperDeps & { token: string; lease: Lease }) {
    this.#o = o;
    this.#token = o.token;
    this.#lease = saneLease(o.lease);
    this.#lastSentAt = o.lease.sentAt;
    this.#heartbeatAt = heartbeatAt(this.#lease, o.lease.sentAt, o.reportMs, Math.random());
    this.#reportBytes = o.config.reportBytes;
    this.#done = this.#loop();
  }

  /** The lease as of the last acknowledged report. */
  get lease(): Lease {
    return this.#lease;
  }

  /** The newest run token. */
  get token(): string {
    return this.#token;
  }

  /** Events were put into the outbox. `hurry`: nothing will follow them, they need not wait for more. */
  added(hurry: boolean): void {
    if (this.#since === 0) this.#begin();
    this.#hurry ||= hurry;
    this.#wake();
    this.#prepareAhead();
  }

  /** What waits is shipped at once, without the delay in which more might come. */
  soon(): void {
    this.#urgent = true;
    this.#wake();
  }

  #begin(): void {
    this.#since = performance.now();
    if (this.#since - this.#lastSentAt > this.#o.config.batchMs * BURST_ENDS) this.#burst = 0;
  }

  /** Ends the loop; what is on its way is given up. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#done;
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const wait = this.#dueAt() - performance.now();
      if (wait > 0) await this.#sleep(wait);
      else await this.#ship();
    }
  }

  #dueAt(): number {
    if (this.#failures > 0) return this.#retryAt;
    const { outbox, config } = this.#o;
    const waiting = {
      events: outbox.waitingEvents,
      bytes: outbox.waitingBytes,
      since: this.#since,
      over: this.#hurry || this.#urgent,
      burst: this.#burst,
    };
    return Math.min(sendAt(waiting, config), this.#heartbeatAt);
  }

  async #sleep(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((wake) => {
      this.#wake = wake;
      timer = setTimeout(wake, ms);
    });
    clearTimeout(timer);
    this.#wake = () => {};
  }

  /** What goes next. After a second failure in a row every other report is empty: the lease must live also while a batch cannot get through. */
  #next(): Batch {
    const { outbox, config } = this.#o;
    const empty = { first: outbox.acknowledged + 1, last: outbox.acknowledged, events: [] };
    if (this.#failures >= 2 && this.#failures % 2 === 0) return empty;
    return outbox.next({ reportEvents: config.reportEvents, reportBytes: this.#reportBytes }) ?? empty;
  }

  #prepare(batch: Batch): Prepared {
    const { gate, scope, attempt } = this.#o;
    const passed = gate.pass("report", { attempt, first: batch.first, events: batch.events }, { scope });
    // Awaited when its turn comes, if it comes.
    passed.catch(() => undefined);
    return { batch, passed };
  }

  #prepareAhead(): void {
    if (this.#sending === null || this.#ahead !== null || this.#failures > 0 || this.#stop.signal.aborted) return;
    const { outbox, config } = this.#o;
    const batch = outbox.nextFull(this.#sending, { ...config, reportBytes: this.#reportBytes });
    if (batch !== null) this.#ahead = this.#prepare(batch);
  }

  /** What was prepared, if it is what goes now: the cloud may have taken less than it was sent, or nothing. */
  #prepared(): Prepared {
    const ahead = this.#ahead;
    this.#ahead = null;
    const fits = ahead !== null && this.#failures === 0 && ahead.batch.first === this.#o.outbox.acknowledged + 1;
    return fits ? ahead : this.#prepare(this.#next());
  }

  async #ship(): Promise<void> {
    const { client, runId } = this.#o;
    const sentAt = performance.now();
    this.#lastSentAt = sentAt;
    this.#urgent = false;
    try {
      const { batch, passed } = this.#prepared();
      const { signal } = this.#stop;
      const timeoutMs = reportTimeoutMs(this.#lease);
      const sending = client.send(await passed, { token: this.#token, runId, timeoutMs, signal });
      this.#sending = batch.last;
      // In a turn of its own, so that the report is out before.
      setImmediate(() => this.#prepareAhead());
      const reply = await sending;
      this.#sending = null;
      this.#accepted(reply, batch, sentAt);
    } catch (error) {
      this.#sending = null;
      if (!this.#stop.signal.aborted) this.#failed(error);
    }
  }

  #accepted(reply: ReplyOf<"report">, batch: Batch, sentAt: number): void {
    const { outbox, log, runId, reportMs, listener } = this.#o;
    if (reply.leaseSeconds !== undefined) this.#lease = saneLease({ sentAt, leaseMs: reply.leaseSeconds * 1_000 });
    if (reply.runToken !== undefined) this.#token = reply.runToken;
    const before = outbox.acknowledged;
    outbox.acknowledge(reply.accepted);
    this.#heartbeatAt = heartbeatAt(this.#lease, sentAt, reportMs, Math.random());
    if (batch.events.length > 0 && outbox.acknowledged === before) this.#notTaken();
    else this.#recovered(batch);
    this.#burst += 1;
    // What is left came while the report was on its way: it has waited since then.
    this.#since = outbox.waitingEvents > 0 ? sentAt : 0;
    for (const { number, reason } of reply.refused.slice(0, TOLD))
      log.warn(
        { runId, event: number, reason: reason.slice(0, TOLD_CHARACTERS) },
        "The cloud stored an event as refused.",
      );
    if (reply.refused.length > TOLD)
      log.warn({ runId, events: reply.refused.length }, "The cloud stored more events as refused than are told here.");
    listener.acknowledged(reply);
  }

  #recovered(batch: Batch): void {
    if (this.#failures === 0) return;
    if (batch.events.length === 0 && this.#o.outbox.waitingEvents > 0) {
      // Only the empty report got through. The batch is tried at once, but its back-off stays.
      this.#failures += 1;
      this.#retryAt = 0;
      return;
    }
    this.#o.log.info({ runId: this.#o.runId, failures: this.#failures }, "The cloud accepts reports again.");
    this.#failures = 0;
  }

  /** A cloud that says yes and takes nothing: asked again at once, it would be asked thousands of times a second. */
  #notTaken(): void {
    const { config, log, runId } = this.#o;
    this.#failures += 1;
    this.#retryAt = performance.now() + retryPauseMs(null, this.#failures, config, Math.random());
    if (this.#failures === 1)
      log.warn({ runId }, "The cloud took none of the events of a report; they are sent again.");
  }

  #failed(error: unknown): void {
    const { outbox, config, log, runId } = this.#o;
    const verdict = verdictOn(error);
    this.#failures += 1;
    if (verdict.do === "give up") return this.#giveUp(verdict.reason);
    if (verdict.do === "rewind" && !outbox.rewind(verdict.expected)) {
      const reason = `the cloud expects event ${verdict.expected}, but has acknowledged up to ${outbox.acknowledged}`;
      return this.#giveUp(reason);
    }
    if (verdict.do === "shrink") this.#reportBytes = Math.max(1_024, this.#reportBytes * SHRINK);
    const pause = retryPauseMs(error, this.#failures, config, Math.random());
    // A rewind needs no pause, unless the cloud asks for one again and again.
    const again = verdict.do === "rewind" && this.#failures === 1 ? 0 : pause;
    this.#retryAt = performance.now() + again;
    if (this.#failures === 1 || this.#failures % 10 === 0)
      log.warn(
        { runId, failures: this.#failures, problem: sentenceOf(error) },
        "A report was not accepted; it is sent again.",
      );
  }

  #giveUp(reason: string): void {
    this.#stop.abort();
    this.#o.listener.lost(reason);
  }
}
