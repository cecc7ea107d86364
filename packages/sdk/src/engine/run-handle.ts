import { frames } from "../context/frame.ts";
import { WeirError } from "../errors.ts";
import type { UpstreamState } from "../task/triggers.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { FlowRun } from "./flow-run.ts";
import type { Origins } from "./origins.ts";

/** What whoever depends on a run has to know, once that has ended. */
export type Verdict = "ok" | "skipped" | "unsuccessful" | "unreadable";

/**
 * What a call of a task gives back: a promise that others may depend on without a promise being made.
 * It is no native promise: an un-awaited failure must not reach Node as an unhandled rejection, and 100,000 task runs that are
 * only handed on need no promise at all.
 */
export abstract class RunHandle implements Promise<unknown> {
  abstract readonly flowRun: FlowRun | null;
  /** Ended, and its value, where it was asked for, at hand. */
  done = false;
  #listeners: (() => void)[] | null = null;
  #deferred: PromiseWithResolvers<unknown> | null = null;

  readonly [Symbol.toStringTag] = "TaskRun";

  /** Whether a value of the user's is a run. Asks the value nothing, as `instanceof` would: a proxy may throw. */
  static is(value: unknown): value is RunHandle {
    return typeof value === "object" && value !== null && #deferred in value;
  }

  /** Somebody wants the value, and looks after the failure. */
  abstract use(): void;
  /** Somebody looks after the failure. */
  abstract hear(): void;
  /** How it ended; asked only when `done`. */
  abstract verdict(): Verdict;
  /** The value; asked only when `done` and the verdict is ok or skipped. */
  abstract take(): unknown;
  /** What is thrown to those who await it, when it did not succeed. */
  abstract error: unknown;
  /** Says in a sentence which run this is: `the task "load" (task run 3)`. */
  abstract label(): string;
  /** The task run behind it. */
  abstract readonly identity: TaskRunFacts;
  /** Adds how it ended, as a trigger sees it: each child of a mapped run is one. */
  abstract upstreamStates(into: UpstreamState[]): void;

  /** Writes its value through its own store, if it is not written yet: somebody who takes it is tried again, queued or cached. */
  persist(): void {}

  /** The task's own code awaits that run. */
  noteAwaited(_handle: RunHandle): void {}

  /** Whether it was skipped, or is the list of children of which one was. */
  isSkipped(): boolean {
    return this.verdict() === "skipped";
  }

  /** Whether it cannot end before that one has. */
  waitsOn(_other: RunHandle): boolean {
    return false;
  }

  subscribe(listener: () => void): void {
    (this.#listeners ??= []).push(listener);
  }

  // oxlint-disable-next-line unicorn/no-thenable -- being awaited is what it is for
  then<A = unknown, B = never>(
    onValue?: ((value: unknown) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const circle = this.done ? null : this.#circle();
    if (circle !== null) return Promise.reject(circle).then(onValue, onError);
    this.use();
    return this.#promise().then(onValue, onError);
  }

  /** A task that awaits a run which waits for the task itself would wait for ever. */
  #circle(): WeirError | null {
    const waiting = frames.getStore()?.node;
    if (!(waiting instanceof RunHandle)) return null;
    if (waiting !== this && !this.waitsOn(waiting)) return (waiting.noteAwaited(this), null);
    const itself = waiting === this ? "itself" : `${this.label()}, which waits for it`;
    return new WeirError(
      "INPUT_INVALID",
      `${waiting.label()} awaits ${itself}: neither could ever end. Await the run in the flow, not in the task.`,
    );
  }

  catch(onError?: ((reason: unknown) => unknown) | null): Promise<unknown> {
    return this.then(undefined, onError);
  }

  finally(onEnd?: (() => void) | null): Promise<unknown> {
    return Promise.resolve(this).finally(onEnd);
  }

  #promise(): Promise<unknown> {
    if (!this.done) return this.#waited().promise;
    return this.#succeeded() ? Promise.resolve(this.#deliver()) : Promise.reject(this.error);
  }

  #waited(): PromiseWithResolvers<unknown> {
    this.flowRun?.awaited.add(this);
    return (this.#deferred ??= Promise.withResolvers<unknown>());
  }

  #succeeded(): boolean {
    const verdict = this.verdict();
    return verdict === "ok" || verdict === "skipped";
  }

  #deliver(): unknown {
    const value = this.take();
    if (this.flowRun !== null) this.noteOrigin(value, this.flowRun.origins);
    return value;
  }

  /** A value that was awaited keeps its origin, so that it makes an edge like a run that is handed on. */
  protected noteOrigin(value: unknown, origins: Origins): void {
    origins.remember(value, this);
  }

  /** Tells all who wait. */
  protected settle(): void {
    if (this.#deferred !== null) this.flowRun?.awaited.delete(this);
    this.done = true;
    const [listeners, deferred] = [this.#listeners, this.#deferred];
    this.#listeners = null;
    this.#deferred = null;
    if (listeners !== null) for (const listener of listeners) listener();
    if (deferred === null) return;
    if (this.#succeeded()) deferred.resolve(this.#deliver());
    else deferred.reject(this.error);
  }
}
