import type { BoundaryRequest, FlowEvent, KnownTaskRun, LogLevel, Order, RunEvent } from "@weir/protocol";
import { isFlowRunMove, type StateName } from "@weir/protocol/state";
import type { Store } from "@weir/results";
import { RunCancelledError } from "../errors.ts";
import type { Executor } from "../executors/executor.ts";
import { failureOf, messageText } from "../failure-of.ts";
import type { StateHandler } from "../task/state-handlers.ts";
import { Activity, type FlowRest } from "./activity.ts";
import { Body } from "./body.ts";
import type { CallInputs } from "./call-inputs.ts";
import type { Cloud } from "./cloud.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { FlowEnd } from "./flow-end.ts";
import { KnownRuns } from "./known-runs.ts";
import { Origins } from "./origins.ts";
import { ReadyQueue } from "./ready-queue.ts";
import type { RunHandle } from "./run-handle.ts";
import type { RunNode } from "./run-node.ts";
import type { Sink } from "./sink.ts";
import type { StandIns } from "./stand-ins.ts";
import type { TaskNode } from "./task-node.ts";
import { onceDue } from "./timer.ts";
import { type ChangeFacts, throughHandlers, type Transition } from "./transition.ts";

/** What a flow run is begun with. */
export interface FlowRunSetup {
  readonly flow: string;
  readonly runId: string;
  readonly attempt: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly scheduledStartTime: number;
  readonly known: readonly KnownTaskRun[];
  /** The flow's store, or the one that its storage brings. Null: results stay in this process. */
  readonly store: Store | null;
  readonly sink: Sink;
  readonly clock: Clock;
  /** Whom to ask what only the cloud can decide. Null: there is none, the run is in memory. */
  readonly cloud: Cloud | null;
  /** Where tries run, unless a task says otherwise. Null: here. */
  readonly executor: Executor | null;
  /** Whether the run may end unfinished and be taken up later, when all it waits for is far away. */
  readonly mayWait: boolean;
  readonly handlers: readonly StateHandler[];
  readonly references: ReadonlySet<string> | null;
  /** Only in tests of users. */
  readonly standIns?: StandIns;
}

/** Time and chance, so that tests may decide both. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Calls back once, after a wait of any length. Milliseconds. */
  readonly after: (delayMs: number, callback: () => void) => { cancel(): void };
}

/** The clock on the wall. */
export const realClock: Clock = { now: Date.now, random: Math.random, after: onceDue };

/** One execution of a flow. Decides every transition; waits for the cloud only where that must decide. */
export class FlowRun {
  readonly setup: FlowRunSetup;
  readonly clock: Clock;
  readonly known: KnownRuns;
  readonly origins = new Origins();
  readonly queue: ReadyQueue;
  readonly activity: Activity;
  /** Task runs that have not ended. */
  readonly live = new Set<RunNode>();
  /** Runs that somebody awaits. */
  readonly awaited = new Set<RunHandle>();
  /** Task runs that wait for slots, and those that wait for a person, by number. */
  readonly queued = new Map<number, TaskNode>();
  readonly paused = new Map<number, TaskNode>();
  readonly scheduledStartTime: Date;
  cancelReason: RunCancelledError | null = null;
  #state: StateName = "Submitted";
  #over = false;
  readonly #body: Body;
  readonly #controller = new AbortController();
  readonly #end = Promise.withResolvers<FlowEnd | FlowRest>();
  readonly #executors = new Set<Executor>();
  readonly #writes = new Set<Promise<void>>();
  #grace: { cancel(): void } | null = null;

  constructor(setup: FlowRunSetup) {
    this.setup = setup;
    this.clock = setup.clock;
    this.known = new KnownRuns(setup.known);
    this.queue = new ReadyQueue(setup.sink);
    this.activity = new Activity(
      setup.clock,
      () => this.#mayRest(),
      (rest) => this.#rest(rest),
    );
    this.scheduledStartTime = new Date(setup.scheduledStartTime);
    this.#body = new Body({ ...setup, flowRun: this, parent: undefined });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  emit(event: RunEvent): void {
    if (!this.#over) this.setup.sink.emit(event);
  }

  redact(values: readonly string[]): void {
    this.setup.sink.redact(values);
  }

  /** A flow that its code calls asks for more of the gate. */
  tighten(request: BoundaryRequest): void {
    this.setup.sink.tighten(request);
  }

  /** A line of Weir's own. */
  log(level: LogLevel, text: string, node?: RunNode): void {
    const line = { kind: "log", at: this.clock.now(), level, logger: "weir", text: messageText(text) } as const;
    this.emit(node === undefined ? line : { ...line, number: node.identity.number });
  }

  /** What state handlers are told besides the states. */
  changeFacts(identity: TaskRunFacts, tryNumber: number): ChangeFacts {
    const { flow, runId } = this.setup;
    const { task, number, mapIndex } = identity;
    const facts = { flow, flowRunId: runId, task, taskRunNumber: number };
    return { ...facts, ...(mapIndex === undefined ? {} : { mapIndex }), ...(tryNumber === 0 ? {} : { tryNumber }) };
  }

  /** Sees to it that inputs are written: the task that takes them is tried again, queued or cached. */
  persist({ handles, values, shared }: CallInputs): void {
    if (shared !== undefined) this.persist(shared);
    for (const handle of handles) handle.persist();
    for (const value of values) this.origins.each(value, (run) => run.persist());
  }

  /** Notes an executor of a task's tries: all that were used are closed when the run is over. */
  used(executor: Executor | null): Executor | null {
    if (executor !== null) this.#executors.add(executor);
    return executor;
  }

  async closeExecutors(): Promise<void> {
    await Promise.all([...this.#executors].map((executor) => executor.close()));
  }

  /** The store that a flow or task names, or what a test puts in its place. */
  storeOf(named: Store | null): Store | null {
    return named === null ? null : (this.setup.standIns?.store(named) ?? named);
  }

  /** Work that the run does not end before. It never rejects. */
  background(work: Promise<void>): void {
    const tracked = this.activity.during(work).finally(() => this.#writes.delete(tracked));
    this.#writes.add(tracked);
  }

  /** Runs the flow's function and waits until all its task runs have ended, or until nothing can go on for long. Never throws. */
  async execute(fn: () => unknown): Promise<FlowEnd | FlowRest> {
    if (this.cancelReason !== null) return await this.refuse({ state: "Cancelled", error: this.cancelReason });
    const begun = await this.#asked({ state: "Running" });
    if (begun.state !== "Running") return await this.refuse(endOf(begun));
    this.#move(begun);
    void this.#run(fn);
    return await this.#end.promise;
  }

  /** Ends the run before its function was called: its parameters do not fit, say. */
  async refuse(end: FlowEnd): Promise<FlowEnd | FlowRest> {
    await this.#finish(end);
    return await this.#end.promise;
  }

  async #run(fn: () => unknown): Promise<void> {
    const end = await this.#body.run(fn);
    await Promise.all(this.#writes);
    await this.#finish(end);
  }

  /** Aborts all signals, ends what has not begun, and waits for the rest, but no longer than the grace. Milliseconds. */
  cancel(graceMs: number): void {
    if (this.#over || this.cancelReason !== null) return;
    const reason = new RunCancelledError("The run was cancelled.");
    this.#stop(reason);
    for (const node of this.live) node.cancel(reason);
    this.#grace = this.clock.after(graceMs, () => this.#abandon(reason, { state: "Cancelled", error: reason }));
  }

  /** Carries out an order of the cloud's. */
  order({ kind, numbers = [] }: Order): void {
    if (kind === "slots") for (const number of numbers) this.queued.get(number)?.grant();
    else if (kind === "approve") for (const number of numbers) this.paused.get(number)?.approve();
    else if (kind === "pause" || kind === "resume") {
      this.queue.hold(kind === "pause");
      this.activity.hold(kind === "pause");
    }
  }

  /** Something was thrown where nobody could catch it: the process cannot be trusted any more, so nothing is waited for. */
  crash(error: unknown): void {
    if (this.#over) return;
    const reason = new RunCancelledError(`Something else in the flow's process threw: ${failureOf(error).message}`);
    this.#stop(reason);
    this.#abandon(reason, { state: "Failed", error });
  }

  #stop(reason: RunCancelledError): void {
    this.cancelReason = reason;
    this.queue.hold(false);
    this.#controller.abort(reason);
  }

  #abandon(reason: RunCancelledError, end: FlowEnd): void {
    for (const node of this.live) node.abandon(reason);
    this.#conclude(end);
  }

  /** Its function waits for its task runs, not for something of its own, as far as can be seen. */
  #mayRest(): boolean {
    if (this.#over || this.cancelReason !== null || this.#writes.size > 0) return false;
    return this.queue.isHeld || (this.queue.isEmpty && (this.awaited.size > 0 || this.#body.functionOver));
  }

  /** Leaves everything as it stands: a later attempt takes it up. */
  #rest(rest: FlowRest): void {
    this.#over = true;
    this.#end.resolve(rest);
  }

  async #asked(wanted: Transition): Promise<Transition> {
    const { handlers, flow, runId } = this.setup;
    if (handlers.length === 0) return wanted;
    const o = { now: this.clock.now(), what: `the flow ${JSON.stringify(flow)}`, isMove: isFlowRunMove };
    return await throughHandlers(handlers, { flow, flowRunId: runId }, this.#state, wanted, o);
  }

  #move({ state, error, detail }: Transition): void {
    if (!isFlowRunMove(this.#state, state)) throw new Error(`A flow run cannot go from ${this.#state} to ${state}.`);
    this.#state = state;
    const event: FlowEvent = { kind: "flow", at: this.clock.now(), state };
    if (detail?.message !== undefined) event.message = messageText(detail.message);
    if (error !== undefined) event.failure = failureOf(error);
    this.emit(event);
  }

  async #finish(end: FlowEnd): Promise<void> {
    if (this.#over) return;
    this.#conclude(endOf(await this.#asked(transitionOf(end))));
  }

  #conclude(end: FlowEnd): void {
    if (this.#over) return;
    this.#grace?.cancel();
    if (end.state === "Success") this.#tellWhatWasLeft();
    this.#move(transitionOf(end));
    this.#over = true;
    this.#end.resolve(end);
  }

  /** The code must have changed, or it does not do the same each time. */
  #tellWhatWasLeft(): void {
    const left = this.known.left();
    if (left.length === 0) return;
    const names = left.slice(0, 5).map(({ task, ordinal, key }) => `${task} ${key ?? `#${ordinal + 1}`}`);
    const more = left.length > names.length ? ` and ${left.length - names.length} more` : "";
    this.log(
      "warn",
      `${left.length} task runs of an earlier attempt were not called again: ${names.join(", ")}${more}. The flow's code has changed, or its calls depend on chance; give such calls a key.`,
    );
  }
}

function transitionOf(end: FlowEnd): Transition {
  if (end.state === "Success") return { state: "Success", value: end.value };
  const { state, error, message } = end;
  return { state, error, ...(message === undefined ? {} : { detail: { message } }) };
}

function endOf({ state, value, error, detail }: Transition): FlowEnd {
  if (state === "Success") return { state, value };
  const reason = error ?? new Error(detail?.message ?? `A state handler made the flow run ${state}.`);
  return { state, error: reason, ...(detail?.message === undefined ? {} : { message: detail.message }) };
}
