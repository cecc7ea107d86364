import type { FlowEvent, KnownTaskRun, LogLevel, RunEvent } from "@weir/protocol";
import { isFlowRunMove, type StateName } from "@weir/protocol/state";
import type { Store } from "@weir/results";
import { type FlowRunFacts, type Frame, frames } from "../context/frame.ts";
import { RunCancelledError } from "../errors.ts";
import { failureOf, messageText } from "../failure-of.ts";
import type { Signal } from "../signals.ts";
import type { TaskSettings } from "../task/task-options.ts";
import { readInputs, resolveInput } from "./call-inputs.ts";
import { Calls, type TaskCall } from "./calls.ts";
import { type BodyEnd, flowEnd, type FlowEnd } from "./flow-end.ts";
import { KnownRuns } from "./known-runs.ts";
import { MappedNode } from "./mapped-node.ts";
import { Origins } from "./origins.ts";
import { ReadyQueue } from "./ready-queue.ts";
import { RunHandle } from "./run-handle.ts";
import type { RunNode } from "./run-node.ts";
import type { Sink } from "./sink.ts";
import { TaskNode } from "./task-node.ts";
import { onceDue } from "./timer.ts";

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

/** One execution of a flow, and the frame in which the flow's own function runs. Decides every transition; waits for no cloud. */
export class FlowRun implements Frame, FlowRunFacts {
  readonly setup: FlowRunSetup;
  readonly clock: Clock;
  readonly known: KnownRuns;
  readonly origins = new Origins();
  readonly queue: ReadyQueue;
  /** Task runs that have not ended. */
  readonly live = new Set<RunNode>();
  /** Those that failed and that nobody looks after. */
  readonly unheard = new Set<RunNode>();
  readonly tryNumber = 1;
  readonly scheduledStartTime: Date;
  cancelReason: RunCancelledError | null = null;
  madeSignal: Signal | null = null;
  #state: StateName = "Submitted";
  #over = false;
  readonly #calls: Calls;
  readonly #controller = new AbortController();
  readonly #end = Promise.withResolvers<FlowEnd>();
  #grace: { cancel(): void } | null = null;
  #idle: (() => void) | null = null;

  constructor(setup: FlowRunSetup) {
    this.setup = setup;
    this.clock = setup.clock;
    this.known = new KnownRuns(setup.known);
    this.queue = new ReadyQueue(setup.sink);
    this.scheduledStartTime = new Date(setup.scheduledStartTime);
    this.#calls = new Calls(this.known, this.origins);
  }

  get facts(): FlowRunFacts {
    return this;
  }

  get flowRunId(): string {
    return this.setup.runId;
  }

  get attempt(): number {
    return this.setup.attempt;
  }

  get parameters(): Readonly<Record<string, unknown>> {
    return this.setup.parameters;
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

  /** A line of Weir's own. */
  log(level: LogLevel, text: string, node?: RunNode): void {
    const line = { kind: "log", at: this.clock.now(), level, logger: "weir", text: messageText(text) } as const;
    this.emit(node === undefined ? line : { ...line, number: node.identity.number });
  }

  storeFor(settings: TaskSettings): Store | null {
    return settings.store ?? this.setup.store;
  }

  nextNumber(): number {
    return this.#calls.nextNumber();
  }

  /** @throws Error when the flow has ended, or when the key was used before. */
  call(call: TaskCall): TaskNode {
    this.#mustBeOpen(call);
    const { identity, inputs, known } = this.#calls.prepare(call);
    const node = new TaskNode(this, identity, call.code, inputs, known);
    node.begin();
    return node;
  }

  /** @throws Error when the flow has ended, or when the key was used before. */
  map(call: TaskCall): MappedNode {
    this.#mustBeOpen(call);
    const { identity, inputs, known } = this.#calls.prepare(call);
    const node = new MappedNode(this, identity, call.code, inputs, known);
    node.begin();
    return node;
  }

  #mustBeOpen({ task }: TaskCall): void {
    if (!this.#over) return;
    throw new Error(
      `The task ${JSON.stringify(task)} was called after the flow ${JSON.stringify(this.setup.flow)} had ended. Await what the flow starts.`,
    );
  }

  /** A task run has ended. */
  ended(): void {
    if (this.live.size === 0) this.#idle?.();
  }

  /** Runs the flow's function and waits until all its task runs have ended. Never throws. */
  async execute(body: () => unknown): Promise<FlowEnd> {
    if (this.cancelReason !== null) return this.refuse({ state: "Cancelled", error: this.cancelReason });
    this.#move({ state: "Running" });
    void this.#run(body);
    return await this.#end.promise;
  }

  /** Ends the run before its function was called: its parameters do not fit, say. */
  refuse(end: FlowEnd): FlowEnd {
    this.#finish(end);
    return end;
  }

  async #run(body: () => unknown): Promise<void> {
    const end = await this.#runBody(body);
    await this.#allEnded();
    if (this.cancelReason !== null) return this.#finish({ state: "Cancelled", error: this.cancelReason });
    const decided = flowEnd(end, [...this.unheard]);
    this.#finish(decided.state === "Success" ? { ...decided, value: resolveInput(decided.value, true) } : decided);
  }

  async #runBody(body: () => unknown): Promise<BodyEnd> {
    try {
      const returned = frames.run(this, body);
      const value: unknown = returned instanceof RunHandle ? returned : await returned;
      const references = readInputs([value]).handles;
      for (const run of references) run.use();
      return { kind: "returned", value, references };
    } catch (error) {
      return { kind: "threw", error };
    }
  }

  /** What was called and never awaited is part of the run: it ends when all have ended. */
  async #allEnded(): Promise<void> {
    while (this.live.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
  }

  /** Aborts all signals, ends what has not begun, and waits for the rest, but no longer than the grace. Milliseconds. */
  cancel(graceMs: number): void {
    if (this.#over || this.cancelReason !== null) return;
    const reason = new RunCancelledError("The run was cancelled.");
    this.#stop(reason);
    for (const node of this.live) node.cancel(reason);
    this.#grace = this.clock.after(graceMs, () => this.#abandon(reason, { state: "Cancelled", error: reason }));
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
    this.#controller.abort(reason);
  }

  #abandon(reason: RunCancelledError, end: FlowEnd): void {
    for (const node of this.live) node.abandon(reason);
    this.#finish(end);
  }

  #move(end: { state: StateName; error?: unknown; message?: string }): void {
    if (!isFlowRunMove(this.#state, end.state))
      throw new Error(`A flow run cannot go from ${this.#state} to ${end.state}.`);
    this.#state = end.state;
    const event: FlowEvent = { kind: "flow", at: this.clock.now(), state: end.state };
    if (end.message !== undefined) event.message = messageText(end.message);
    if (end.error !== undefined) event.failure = failureOf(end.error);
    this.emit(event);
  }

  #finish(end: FlowEnd): void {
    if (this.#over) return;
    this.#grace?.cancel();
    if (end.state === "Success") this.#tellWhatWasLeft();
    this.#move(end);
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
