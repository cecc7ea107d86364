import { type FlowRunFacts, type Frame, frames } from "../context/frame.ts";
import { TaskTimeoutError } from "../errors.ts";
import type { Signal } from "../signals.ts";
import type { TaskFunction } from "../task/task-types.ts";
import type { TaskSettings } from "../task/task-options.ts";
import type { TaskRunFacts } from "./declare.ts";
import { onceDue } from "./timer.ts";

/** The function and how to run it: the same object for all calls with the same options. */
export interface TaskCode {
  readonly fn: TaskFunction;
  readonly settings: TaskSettings;
}

/** Whoever a try belongs to hears once how it ended. */
export interface TryOwner {
  returned(value: unknown): void;
  threw(thrown: unknown): void;
}

/** One try of a task, and the frame in which the user's function runs. */
export class TaskTry implements Frame {
  readonly facts: FlowRunFacts;
  readonly taskRunNumber: number;
  readonly mapIndex: number | undefined;
  readonly tryNumber: number;
  madeSignal: Signal | null = null;
  readonly #task: string;
  #owner: TryOwner | null;
  #timer: { cancel(): void } | null = null;
  #controller: AbortController | null = null;
  #stopReason: Error | null = null;

  constructor(owner: TryOwner, facts: FlowRunFacts, identity: TaskRunFacts, tryNumber: number) {
    this.#owner = owner;
    this.facts = facts;
    this.#task = identity.task;
    this.taskRunNumber = identity.number;
    this.mapIndex = identity.mapIndex;
    this.tryNumber = tryNumber;
  }

  /** Made when asked for: most tasks never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#stopReason !== null) this.#controller.abort(this.#stopReason);
    }
    return this.#controller.signal;
  }

  run({ fn, settings }: TaskCode, inputs: readonly unknown[]): void {
    let returned: unknown;
    try {
      returned = frames.run(this, fn, ...inputs);
    } catch (thrown) {
      return this.leave()?.threw(thrown);
    }
    if (isThenable(returned)) this.#follow(returned, settings.timeoutMs);
    else this.leave()?.returned(returned);
  }

  #follow(returned: PromiseLike<unknown>, timeoutMs: number | null): void {
    if (timeoutMs !== null) this.#timer = onceDue(timeoutMs, () => this.#timedOut(timeoutMs));
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
