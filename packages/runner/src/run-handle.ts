import type { CloudClient, ReplyOf } from "@weir/client";
import type { Gate } from "@weir/gate";
import type {
  ClaimedRun,
  Failure,
  FromChild,
  LoadedMessage,
  Order,
  ReleaseReason,
  RunEvent,
  StateName,
} from "@weir/protocol";
import type { ChildPool } from "./child-pool.ts";
import { ChildSession } from "./child-session.ts";
import { codeChanged } from "./code-check.ts";
import type { RunnerConfig } from "./config.ts";
import type { Exit } from "./crash.ts";
import { accepts, type Ending, lastEvents, moreFinal } from "./ending.ts";
import { Fence } from "./fence.ts";
import type { Journal } from "./journal.ts";
import type { JournalRoom } from "./journal-room.ts";
import { graceBeforeEnd, leaseEndsAt } from "./lease.ts";
import { type RunnerLog, sentenceOf } from "./log.ts";
import { Outbox } from "./outbox.ts";
import { Questions } from "./questions.ts";
import { Recorder } from "./recorder.ts";
import { releaseLease } from "./release.ts";
import { RunJournal } from "./run-journal.ts";
import { sdkEntryOf } from "./sdk-entry.ts";
import { Shipper } from "./shipper.ts";
import { startMessage } from "./start-message.ts";

/** How a run left this runner. */
export type RunOutcome =
  /** Its flow is over, and the cloud knows all of it. */
  | { readonly kind: "finished"; readonly state: StateName }
  /** The lease was given back; another attempt goes on. */
  | { readonly kind: "released"; readonly reason: ReleaseReason }
  /** The cloud takes nothing more of this attempt. What it did not take is kept in the journal as evidence. */
  | { readonly kind: "fenced"; readonly reason: string }
  /** The cloud could not be told in time. The journal is shipped when the agent starts again. */
  | { readonly kind: "abandoned"; readonly reason: string };

/** One claimed run in the hands of this runner. */
export interface RunHandle {
  readonly runId: string;
  readonly attempt: number;
  /** Hands on what the cloud asks. The same order may come again. */
  order(order: Order): void;
  /** Stops the child and gives the lease back, so that the next attempt starts at once. Resolves when the run has left this runner. */
  release(reason: ReleaseReason): Promise<void>;
  /** Never rejects. */
  readonly done: Promise<RunOutcome>;
}

/** What all runs of a host share. */
export interface RunDeps {
  readonly client: CloudClient;
  readonly gate: Gate;
  readonly journal: Journal;
  readonly room: JournalRoom;
  readonly pool: ChildPool;
  readonly config: RunnerConfig;
  readonly log: RunnerLog;
  readonly environment: Readonly<Record<string, string>>;
}

/** Reasons for which a flow itself gives its lease back. */
const RESTS: ReadonlySet<ReleaseReason> = new Set(["retry-later", "paused"]);

/** Supervises one run from the claim to its last acknowledged event. */
export class Run implements RunHandle {
  readonly runId: string;
  readonly attempt: number;
  readonly done: Promise<RunOutcome>;
  readonly #claimed: ClaimedRun;
  readonly #o: RunDeps;
  readonly #journal: RunJournal;
  readonly #outbox: Outbox;
  readonly #recorder: Recorder;
  readonly #shipper: Shipper;
  readonly #fence: Fence;
  readonly #questions: Questions;
  /** Orders that came before there was a child to tell. */
  #early: Order[] = [];
  #onLeaseLost: RunnerConfig["onLeaseLost"];
  /** Aborted when waiting for the cloud makes no sense any more. */
  readonly #patience = new AbortController();
  #session: ChildSession | null = null;
  #ending: Ending | null = null;
  #flushed: () => void = () => {};
  #patienceTimer: NodeJS.Timeout | undefined;

  constructor(claimed: ClaimedRun, sentAt: number, o: RunDeps) {
    const { runId, attempt, runToken: token, leaseSeconds, reportSeconds } = claimed;
    const { journal, room, client, gate, config, log } = o;
    this.runId = runId;
    this.attempt = attempt;
    this.#claimed = claimed;
    this.#o = o;
    this.#onLeaseLost = config.onLeaseLost;
    this.#journal = new RunJournal({ journal, log, runId, attempt, token, at: Date.now() });
    const outbox = new Outbox({ key: this.#journal.key, journal, room, memoryBytes: config.memoryBytes, log });
    this.#outbox = outbox;
    this.#recorder = new Recorder({ journal, outbox, room, now: Date.now });
    const asks = { client, gate, config, runId, attempt };
    this.#shipper = new Shipper({
      ...asks,
      outbox,
      log,
      token,
      lease: { sentAt, leaseMs: leaseSeconds * 1_000 },
      reportMs: reportSeconds * 1_000,
      listener: {
        acknowledged: (reply: ReplyOf<"report">) => this.#acknowledged(reply),
        lost: (reason: string) => this.#end({ why: "lost", reason }),
      },
    });
    this.#questions = new Questions({
      ...asks,
      token: () => this.#shipper.token,
      upToNow: (signal) => this.#upToNow(signal),
      answer: (message) => this.#session?.child.send(message),
      order: (order) => this.#session?.child.send({ kind: "order", order }),
      lost: (reason) => this.#end({ why: "lost", reason }),
    });
    this.#fence = new Fence(
      () => this.#shipper.lease,
      () => this.#fenced(),
    );
    this.done = this.#live();
  }

  order(order: Order): void {
    if (this.#recorder.over !== null) return;
    if (order.kind !== "cancel") return this.#handOn(order);
    if (this.#ending?.why !== "cancel") this.#end({ why: "cancel", graceMs: this.#o.config.graceMs });
  }

  #handOn(order: Order): void {
    this.#questions.ordered(order);
    if (this.#session === null) this.#early.push(order);
    else this.#session.child.send({ kind: "order", order });
  }

  #upToNow(signal: AbortSignal): Promise<void> {
    this.#shipper.soon();
    return this.#outbox.upToNow(signal);
  }

  async release(reason: ReleaseReason): Promise<void> {
    this.#loosePatience();
    if (this.#recorder.over === null) this.#end({ why: "release", reason });
    await this.done;
  }

  /** Kills the child and leaves the rest to the journal. */
  async close(): Promise<void> {
    this.#end({ why: "close" });
    await this.done;
  }

  // When the lease has ended by itself, nothing is gained by giving it back.
  #loosePatience(): void {
    const left = leaseEndsAt(this.#shipper.lease) - performance.now();
    this.#patienceTimer ??= setTimeout(() => this.#patience.abort(), Math.max(0, left));
  }

  async #live(): Promise<RunOutcome> {
    let exit: Exit | null = null;
    try {
      exit = await this.#runChild();
    } catch (error) {
      // A bug of ours must not leave a run that nobody ends.
      this.#o.log.error({ runId: this.runId, problem: sentenceOf(error) }, "A run could not be supervised.");
      this.#fail("Crashed", "PROCESS_EXITED", `The runner could not go on: ${sentenceOf(error)}.`);
      this.#session?.child.kill();
    }
    this.#questions.close();
    this.#append(lastEvents(this.#ending, exit, this.#session?.stderrTail ?? "", Date.now()));
    const outcome = await this.#conclude();
    this.#fence.close();
    clearTimeout(this.#patienceTimer);
    await this.#shipper.stop();
    this.#outbox.drop();
    return outcome;
  }

  async #runChild(): Promise<Exit | null> {
    const { storage } = this.#claimed;
    const changed = await codeChanged(storage);
    if (changed) return this.#refuse(changed);
    const entry = sdkEntryOf(storage);
    if (!entry.ok) return this.#refuse(entry.failure);
    if (this.#ending !== null) return null;
    const { gate, config, room, pool } = this.#o;
    const child = pool.take(entry.path);
    const session = new ChildSession({
      child,
      gate,
      config,
      room,
      listener: {
        events: (events) => {
          this.#questions.saw(events);
          return this.#append(events.filter((event) => accepts(this.#ending, event)));
        },
        asked: (message) => this.#questions.ask(message),
        loaded: (message) => this.#loaded(message),
        done: (message) => this.#childDone(message),
        invalid: (error) => {
          this.#fail("Crashed", "IPC_INVALID", `The flow's process was stopped: ${error.message}.`);
        },
      },
    });
    this.#session = session;
    const timer = setTimeout(() => this.#notReady(), config.startTimeoutMs);
    void child.ready.then(() => clearTimeout(timer));
    const over = session.run(startMessage(this.#claimed, config, this.#o.environment));
    for (const order of this.#early.splice(0)) child.send({ kind: "order", order });
    return over;
  }

  #refuse(failure: Failure): null {
    this.#end({ why: "failure", state: "Failed", failure });
    return null;
  }

  #fail(state: "Failed" | "Crashed", code: NonNullable<Failure["code"]>, message: string): void {
    this.#end({ why: "failure", state, failure: { name: "RunStopped", message, code } });
  }

  #notReady(): void {
    const seconds = this.#o.config.startTimeoutMs / 1_000;
    this.#fail(
      "Crashed",
      "PROCESS_KILLED",
      `The flow's process did not load the SDK within ${seconds} s and was killed.`,
    );
  }

  /** The flow itself may say what is to be done when the cloud falls silent; else the agent says it for all. */
  #loaded(message: LoadedMessage): void {
    this.#onLeaseLost = message.onLeaseLost ?? this.#onLeaseLost;
  }

  #append(events: readonly RunEvent[]): { full: boolean } {
    if (events.length === 0) return { full: false };
    try {
      const { over, full } = this.#recorder.append(events);
      this.#shipper.added(over !== null);
      return { full };
    } catch (error) {
      this.#shipper.added(true);
      const message = `The run was stopped, because the journal of its agent cannot be written: ${sentenceOf(error)}. Make room on the agent's disk, then restart the run.`;
      this.#fail("Failed", "STORAGE_FULL", message);
      return { full: false };
    }
  }

  #childDone(message: FromChild & { kind: "done" }): void {
    const { outcome, dueInMs } = message;
    if (outcome !== "finished" && this.#recorder.over === null)
      this.#end({
        why: "release",
        reason: outcome === "paused" ? "paused" : "retry-later",
        ...(dueInMs === undefined ? {} : { dueAt: performance.now() + dueInMs }),
      });
    // It ends by itself. Something that the user's code left open may keep it.
    this.#session?.child.killAfter(this.#o.config.graceMs);
  }

  #acknowledged(reply: ReplyOf<"report">): void {
    if (reply.runToken !== undefined) this.#journal.setToken(reply.runToken);
    if (reply.leaseSeconds === undefined && this.#recorder.over === null)
      this.#end({ why: "lost", reason: "the cloud says that the run is over" });
    for (const order of reply.orders) this.order(order);
    if (this.#outbox.waitingEvents === 0) this.#flushed();
    if (this.#onLeaseLost === "continue") this.#fence.again();
  }

  #fenced(): void {
    const { log } = this.#o;
    if (this.#recorder.over !== null) return;
    if (this.#onLeaseLost === "continue") {
      log.warn({ runId: this.runId }, "The cloud is silent for two thirds of the lease; the run goes on without it.");
      return;
    }
    log.warn({ runId: this.runId }, "The cloud is silent for two thirds of the lease; the run is stopped here.");
    this.#end({ why: "lease" });
  }

  /** Notes how the run is to end, and sees to it that the child does. */
  #end(ending: Ending): void {
    const before = this.#ending;
    this.#ending = moreFinal(before, ending);
    if (this.#ending === before) return;
    if (ending.why === "close" || ending.why === "lost") this.#patience.abort();
    this.#tellChild(ending);
    // Told after the cancel itself: what fails of it then is part of being cancelled. In every other case the next attempt is to go on
    // where this one stands, so no question must be seen to fail.
    this.#questions.close(
      ending.why === "cancel" ? "The run is cancelled; nothing more is asked of the cloud." : undefined,
    );
  }

  #tellChild(ending: Ending): void {
    const child = this.#session?.child;
    if (!child) return;
    const { graceMs } = this.#o.config;
    switch (ending.why) {
      case "cancel":
        this.#session?.goOn();
        child.send({ kind: "cancel", graceMs });
        return child.killAfter(graceMs);
      case "release":
        // Whoever waits or is paused ends by itself.
        return RESTS.has(ending.reason) ? undefined : child.stop(graceMs);
      case "lease":
        return child.stop(graceBeforeEnd(this.#shipper.lease, performance.now(), graceMs));
      case "lost":
        return child.stop(graceMs);
      case "failure":
      case "close":
        return child.kill();
    }
  }

  /** The child is gone and the last event is appended: tells the cloud the rest, and leaves the journal as it has to be. */
  async #conclude(): Promise<RunOutcome> {
    await this.#untilFlushed();
    const { over } = this.#recorder;
    const ending = this.#ending;
    if (ending?.why === "lost") return this.#setAside(ending.reason);
    if (ending?.why === "close") return { kind: "abandoned", reason: "the agent was stopped" };
    if (this.#outbox.waitingEvents > 0) return { kind: "abandoned", reason: "the cloud did not answer in time" };
    if (over !== null) return this.#forget({ kind: "finished", state: over });
    await this.#shipper.stop();
    return this.#giveBack(ending?.why === "release" ? ending : { why: "release", reason: "silence" });
  }

  async #untilFlushed(): Promise<void> {
    const { signal } = this.#patience;
    if (this.#outbox.waitingEvents === 0 || signal.aborted) return;
    await new Promise<void>((done) => {
      this.#flushed = done;
      signal.addEventListener("abort", () => done(), { once: true });
    });
  }

  async #giveBack(ending: Ending & { why: "release" }): Promise<RunOutcome> {
    const { client, gate, config } = this.#o;
    const { reason, dueAt } = ending;
    const dueInMs = dueAt === undefined ? undefined : Math.max(0, dueAt - performance.now());
    const { runId, attempt } = this;
    const { token } = this.#shipper;
    const { signal } = this.#patience;
    const released = await releaseLease({ client, gate, config, runId, attempt, token, reason, dueInMs, signal });
    if (released.kind === "released") return this.#forget({ kind: "released", reason });
    if (released.kind === "refused") return this.#setAside(released.reason);
    return { kind: "abandoned", reason: "the cloud did not answer in time" };
  }

  #setAside(reason: string): RunOutcome {
    this.#o.log.warn(
      { runId: this.runId, attempt: this.attempt, reason },
      "The cloud takes nothing more of this attempt.",
    );
    this.#journal.setAside(reason);
    return { kind: "fenced", reason };
  }

  #forget(outcome: RunOutcome): RunOutcome {
    this.#journal.forget();
    return outcome;
  }
}
