import type { ReplyOf } from "@weir/client";
import type { ClaimedRun, Failure, FromChild, LoadedMessage, Order, ReleaseReason, RunEvent } from "@weir/protocol";
import type { RunScope } from "@weir/gate";
import type { Child } from "./child.ts";
import { sdkVersionOf } from "./child-pool.ts";
import { ChildSession } from "./child-session.ts";
import type { RunnerConfig } from "./config.ts";
import type { Exit } from "./crash.ts";
import { EARLY_ORDERS_FULL, EarlyOrders } from "./early-orders.ts";
import { accepts, type Ending, lastEvents, moreFinal } from "./ending.ts";
import { factsOf } from "./facts-of.ts";
import { Fence } from "./fence.ts";
import { kinshipOf } from "./kept-children.ts";
import { graceBeforeEnd, leaseEndsAt } from "./lease.ts";
import { sentenceOf } from "./log.ts";
import { Outbox } from "./outbox.ts";
import { type LocalRun, prepareRun } from "./prepare-run.ts";
import { Questions } from "./questions.ts";
import { Recorder } from "./recorder.ts";
import { releaseLease } from "./release.ts";
import { RunJournal } from "./run-journal.ts";
import { Shipper } from "./shipper.ts";
import { startMessage } from "./start-message.ts";
import type { RunDeps, RunHandle, RunOutcome } from "./run-handle.ts";

/** Reasons for which a flow itself gives its lease back. */
const RESTS: ReadonlySet<ReleaseReason> = new Set(["retry-later", "paused"]);

/** Orders of one reply that are heard: there are five kinds, and each names task runs by the thousand. */
const ORDERS_MOST = 100;

/** Supervises one run from the claim to its last acknowledged event. */
export class Run implements RunHandle {
  readonly runId: string;
  readonly attempt: number;
  readonly done: Promise<RunOutcome>;
  readonly #claimed: ClaimedRun;
  readonly #scope: RunScope;
  readonly #o: RunDeps;
  readonly #journal: RunJournal;
  readonly #outbox: Outbox;
  readonly #recorder: Recorder;
  readonly #shipper: Shipper;
  readonly #fence: Fence;
  readonly #questions: Questions;
  /** Orders that came before a child had begun. */
  readonly #early = new EarlyOrders();
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
    const scope = gate.openRun(factsOf(claimed));
    this.#scope = scope;
    this.#journal = new RunJournal({ journal, log, runId, attempt, token, at: Date.now(), facts: scope.facts });
    const outbox = new Outbox({ key: this.#journal.key, journal, room, memoryBytes: config.memoryBytes, log });
    this.#outbox = outbox;
    this.#recorder = new Recorder({ journal, outbox, room, scope, now: Date.now });
    const asks = { client, gate, scope, config, runId, attempt };
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
    if (this.#session?.begun !== true && !this.#early.push(order))
      return this.#fail("Crashed", "IPC_INVALID", `The run was stopped: ${EARLY_ORDERS_FULL}.`);
    this.#session?.child.send({ kind: "order", order });
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
    const prepared = await prepareRun(this.#claimed, this.#scope, {
      policy: this.#o.policy,
      codeDirectory: this.#o.config.codeDirectory,
      codeGroup: this.#o.config.childUser?.gid ?? null,
    });
    if (!prepared.ok) return this.#refuse(prepared.failure);
    const { run, sdkEntry } = prepared;
    if (this.#ending !== null) return null;
    const { pool, kept } = this.#o;
    const kinship = kinshipOf(run, `${sdkEntry} ${sdkVersionOf(sdkEntry)}`);
    const used = await kept.take(kinship);
    const begin = (child: Child): Promise<Exit | null> => this.#serve(child, kinship, run);
    if (used === null) return this.#ending === null ? begin(pool.take(sdkEntry, run.storage.directory)) : null;
    if (this.#ending !== null) return this.#unused(used);
    const exit = await begin(used);
    // It was at its end already, and nothing of this run was begun in it.
    const wasDead = exit !== null && this.#session?.begun === false && this.#ending === null;
    return wasDead ? begin(pool.take(sdkEntry, run.storage.directory)) : exit;
  }

  /** Runs the flow in a child. Null when the child went on to another run. */
  async #serve(child: Child, kinship: string, run: LocalRun): Promise<Exit | null> {
    const { gate, config, room, environment } = this.#o;
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
    const over = session.run(startMessage(run, config, environment));
    for (const order of this.#early.orders) child.send({ kind: "order", order });
    const end = await over;
    return end === "stays" ? this.#stayed(session, kinship) : end;
  }

  /** The run ended while its child was looked for. */
  #unused(child: Child): null {
    child.kill();
    return null;
  }

  /** The child has finished and offers to serve another run. Only where nothing went otherwise than well is it taken at its word. */
  async #stayed(session: ChildSession, kinship: string): Promise<Exit | null> {
    const { child } = session;
    const isWell = this.#ending === null && this.#recorder.over === "Success" && !session.paused;
    if (!isWell || this.#o.config.childReuse === "off") {
      child.kill();
      return child.exited;
    }
    this.#questions.close();
    // Whatever becomes of this run from now on must not reach the next one.
    session.leave();
    this.#session = null;
    this.#o.kept.keep(kinship, child);
    return null;
  }

  #refuse(failure: Failure): null {
    this.#o.log.error({ runId: this.runId, code: failure.code }, `A run was not started. ${failure.message}`);
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
    const { facts } = this.#scope;
    if (message.boundary !== undefined) this.#scope.tighten(message.boundary);
    if (this.#scope.facts !== facts) this.#journal.setFacts(this.#scope.facts);
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
    if (message.stays !== true || this.#o.config.childReuse === "off")
      this.#session?.child.killAfter(this.#o.config.graceMs);
  }

  #acknowledged(reply: ReplyOf<"report">): void {
    if (reply.runToken !== undefined) this.#journal.setToken(reply.runToken);
    if (reply.leaseSeconds === undefined && this.#recorder.over === null)
      this.#end({ why: "lost", reason: "the cloud says that the run is over" });
    for (const order of reply.orders.slice(0, ORDERS_MOST)) this.order(order);
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
    const scope = this.#scope;
    const released = await releaseLease({
      client,
      gate,
      scope,
      config,
      runId,
      attempt,
      token,
      reason,
      dueInMs,
      signal,
    });
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
