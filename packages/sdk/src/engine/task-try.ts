import type { RunEvent } from "@weir/protocol";
import type { FlowRunFacts } from "../context/flow-run-facts.ts";
import { type Frame, frames } from "../context/frame.ts";
import type { Loop } from "../context/loop.ts";
import { TaskTimeoutError } from "../errors.ts";
import type { Executor, JobFacts, TaskJob } from "../executors/executor.ts";
import { definedIn } from "../executors/task-registry.ts";
import type { Signal } from "../signals.ts";
import type { TaskSettings } from "../task/task-options.ts";
import type { TaskFunction } from "../task/task-types.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { Clock } from "./flow-run.ts";

/** The function and how to run it: the same object for all calls with the same options. */
export interface TaskCode {
  readonly fn: TaskFunction;
  readonly settings: TaskSettings;
  /** A `resource` is set up for each attempt and never written; its `cleanup` is not cancelled. */
  readonly kind: "task" | "resource" | "cleanup";
}

/** Whoever a try belongs to hears once how it ended. */
export interface TryOwner {
  returned(value: unknown): void;
  threw(thrown: unknown): void;
}

/** Which try it is, and of what. */
export interface TryFacts {
  readonly identity: TaskRunFacts;
  readonly tryNumber: number;
  readonly loop: Loop;
  readonly approved: boolean;
}

/** One try of a task, and the frame in which the user's function runs. */
export class TaskTry implements Frame {
  readonly facts: FlowRunFacts;
  readonly node: TryOwner;
  readonly taskRunNumber: number;
  readonly mapIndex: number | undefined;
  readonly tryNumber: number;
  readonly loop: Loop;
  readonly approved: boolean;
  madeSignal: Signal | null = null;
  readonly #task: string;
  readonly #clock: Clock;
  #owner: TryOwner | null;
  #timer: { cancel(): void } | null = null;
  #controller: AbortController | null = null;
  #stopReason: Error | null = null;

  constructor(owner: TryOwner, facts: FlowRunFacts, clock: Clock, { identity, tryNumber, loop, approved }: TryFacts) {
    this.#owner = owner;
    this.node = owner;
    this.facts = facts;
    this.#clock = clock;
    this.#task = identity.task;
    this.taskRunNumber = identity.number;
    this.mapIndex = identity.mapIndex;
    this.tryNumber = tryNumber;
    this.loop = loop;
    this.approved = approved;
  }

  /** Made when asked for: most tasks never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#stopReason !== null) this.#controller.abort(this.#stopReason);
    }
    return this.#controller.signal;
  }

  /** Runs the function here, or where the executor runs it. */
  run(code: TaskCode, inputs: readonly unknown[], executor: Executor | null): void {
    const { timeoutMs } = code.settings;
    if (executor !== null) return this.#follow(executor.run(this.#job(code, inputs)));
    let returned: unknown;
    try {
      returned = frames.run(this, code.fn, ...inputs);
    } catch (thrown) {
      return this.leave()?.threw(thrown);
    }
    if (!isThenable(returned)) return this.leave()?.returned(returned);
    this.#startTimer(timeoutMs);
    this.#follow(returned);
  }

  #job({ fn, settings }: TaskCode, inputs: readonly unknown[]): TaskJob {
    const { flowRunId, attempt, parameters, scheduledStartTime } = this.facts;
    const { taskRunNumber, tryNumber, mapIndex, loop, approved } = this;
    const facts: JobFacts = {
      flowRunId,
      attempt,
      parameters,
      scheduledStartTime: scheduledStartTime.getTime(),
      taskRunNumber,
      tryNumber,
      mapIndex,
      loopCount: loop.count,
      loopValue: loop.value,
      approved,
    };
    const emit = (event: RunEvent) => this.facts.emit(event);
    const redact = (values: readonly string[]) => this.facts.redact(values);
    const askKv = this.facts.askKv?.bind(this.facts);
    const task = this.#task;
    const begun = (): void => this.#startTimer(settings.timeoutMs);
    const told = { begun, emit, redact, ...(askKv && { askKv }) };
    return { ...told, task, fn, definedIn: definedIn(task, fn), inputs, facts, signal: this.signal };
  }

  /** Waiting for a thread or a worker is no part of a try: the first word that it has begun starts its time. */
  #startTimer(timeoutMs: number | null): void {
    if (timeoutMs === null || this.#timer !== null || this.#owner === null) return;
    this.#timer = this.#clock.after(timeoutMs, () => this.#timedOut(timeoutMs));
  }

  #follow(returned: PromiseLike<unknown>): void {
    Promise.resolve(returned).then(
      (value) => this.leave()?.returned(value),
      (thrown: unknown) => this.leave()?.threw(thrown),
    );
  }

  #timedOut(timeoutMs: number): void {
    const task = JSON.stringify(this.#task);
    const error = new TaskTimeoutError(
      `Try ${this.tryNumber} of the task ${task} took longer than its timeout of ${timeoutMs} ms.`,
    );
    this.stop(error);
    this.leave()?.threw(error);
  }

  /** Tells the user's code to stop, by its signal. */
  stop(reason: Error): void {
    this.#stopReason = reason;
    this.#controller?.abort(reason);
  }

  /** Ends the try: what its code does from now on is nobody's business. Gives the owner, once. */
  leave(): TryOwner | null {
    const owner = this.#owner;
    this.#owner = null;
    this.#timer?.cancel();
    return owner;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
