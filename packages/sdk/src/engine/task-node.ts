import type { KnownTaskRun } from "@weir/protocol";
import type { Store } from "@weir/results";
import { type Frame, frames } from "../context/frame.ts";
import { type RunCancelledError, TaskTimeoutError, WeirError } from "../errors.ts";
import { failureOf } from "../failure-of.ts";
import { type Signal, SkipSignal } from "../signals.ts";
import type { TaskFunction } from "../task/task-types.ts";
import type { TaskSettings } from "../task/task-options.ts";
import { type CallInputs, FORGOTTEN, obstacleAmong, resolveInputs } from "./call-inputs.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { FlowRun } from "./flow-run.ts";
import { hasSucceeded, triesBehind } from "./known-runs.ts";
import { nextStep, type NextStep } from "./next-step.ts";
import { keepResult, readResult } from "./results-of.ts";
import type { RunHandle } from "./run-handle.ts";
import { RunNode } from "./run-node.ts";
import { onceDue } from "./timer.ts";

/** The function and how to run it: the same object for all calls with the same options. */
export interface TaskCode {
  readonly fn: TaskFunction;
  readonly settings: TaskSettings;
}

/** One task run: waits for its inputs, runs, tries again, keeps its result. Also the frame in which the user's function runs. */
export class TaskNode extends RunNode implements Frame {
  readonly #code: TaskCode;
  readonly #known: KnownTaskRun | null;
  #inputs: CallInputs;
  #value: unknown = undefined;
  /** Known to have succeeded; its value is read, or made again, when somebody wants it. */
  #restored = false;
  #waitingFor = 0;
  #timer: { cancel(): void } | null = null;
  #controller: AbortController | null = null;
  #stopReason: Error | null = null;
  /** The try that has not ended yet; 0 between tries. What an earlier try still does is nobody's business. */
  #openTry = 0;
  tryNumber = 0;
  madeSignal: Signal | null = null;

  constructor(
    flowRun: FlowRun,
    identity: TaskRunFacts,
    code: TaskCode,
    inputs: CallInputs,
    known: KnownTaskRun | null,
  ) {
    super(flowRun, identity);
    this.#code = code;
    this.#inputs = inputs;
    this.#known = known;
  }

  get facts(): FlowRun {
    return this.flowRun;
  }

  get taskRunNumber(): number {
    return this.identity.number;
  }

  get mapIndex(): number | undefined {
    return this.identity.mapIndex;
  }

  /** Made when asked for: most tasks never look at it. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#stopReason !== null) this.#controller.abort(this.#stopReason);
    }
    return this.#controller.signal;
  }

  /** Takes up what is known, or declares the task run and waits for its inputs. Starts at once when nothing is in the way. */
  begin(): void {
    if (this.#known === null || !hasSucceeded(this.#known)) return this.#declareAndWait();
    this.state = this.#known.state;
    this.#restored = true;
    this.done = true;
  }

  #declareAndWait(): void {
    this.announce();
    if (this.flowRun.cancelReason !== null) return this.cancel(this.flowRun.cancelReason);
    const { handles, after } = this.#inputs;
    for (const handle of handles) handle.use();
    for (const handle of after) handle.hear();
    if (!this.#mustWait()) this.flowRun.queue.push(this);
  }

  #mustWait(): boolean {
    const { handles, after } = this.#inputs;
    for (const handle of handles) this.#waitFor(handle);
    for (const handle of after) this.#waitFor(handle);
    return this.#waitingFor > 0;
  }

  #waitFor(handle: RunHandle): void {
    if (handle.done) return;
    this.#waitingFor += 1;
    handle.subscribe(() => {
      this.#waitingFor -= 1;
      if (this.#waitingFor === 0 && !this.done) this.flowRun.queue.push(this);
    });
  }

  /** Called when its turn has come: all inputs have ended, or the wait before a further try is over. */
  start(): void {
    if (this.done) return;
    // Between its turn's coming and now, an input of an earlier attempt may have begun again: somebody else wanted its value.
    if (this.state === "Pending" && (this.#mustWait() || this.#isObstructed() || this.#waitsStill())) return;
    this.#runTry();
  }

  #isObstructed(): boolean {
    const { values, handles, after } = this.#inputs;
    if (handles.length === 0 && after.length === 0) return false;
    const obstacle = obstacleAmong([...handles, ...after], values);
    if (obstacle === null) return false;
    if (obstacle.verdict === "skipped") this.#skip(`${obstacle.which}, was skipped`);
    else if (obstacle.verdict === "unreadable") this.endWith("Failed", obstacle.error);
    else {
      const message = `The task ${JSON.stringify(this.identity.task)} did not run: ${obstacle.which}, did not succeed.`;
      this.endWith("TriggerFailed", new WeirError("UPSTREAM_FAILED", message, { cause: obstacle.error }));
    }
    return true;
  }

  /** An earlier attempt was waiting for a further try: the wait goes on until the same moment. */
  #waitsStill(): boolean {
    const known = this.#known;
    if (known === null || this.tryNumber > 0) return false;
    this.tryNumber = triesBehind(known);
    const startTime = known.state === "Retrying" ? (known.startTime ?? 0) : 0;
    if (startTime <= this.flowRun.clock.now()) return false;
    this.#retryAt(startTime, {});
    return true;
  }

  #runTry(): void {
    this.tryNumber += 1;
    this.#openTry = this.tryNumber;
    this.madeSignal = null;
    this.#controller = null;
    this.#stopReason = null;
    this.move("Running", { tryNumber: this.tryNumber });
    let returned: unknown;
    try {
      returned = frames.run(this, this.#code.fn, ...resolveInputs(this.#inputs));
    } catch (thrown) {
      return this.#threw(thrown);
    }
    if (isThenable(returned)) this.#follow(returned, this.#code.settings.timeoutMs);
    else this.#returned(returned);
  }

  #follow(returned: PromiseLike<unknown>, timeoutMs: number | null): void {
    const thisTry = this.#openTry;
    if (timeoutMs !== null) this.#timer = onceDue(timeoutMs, () => this.#timedOut(timeoutMs));
    Promise.resolve(returned).then(
      (value) => {
        if (this.#openTry === thisTry) this.#returned(value);
      },
      (thrown: unknown) => {
        if (this.#openTry === thisTry) this.#threw(thrown);
      },
    );
  }

  #timedOut(timeoutMs: number): void {
    const error = new TaskTimeoutError(
      `Try ${this.tryNumber} of the task ${JSON.stringify(this.identity.task)} took longer than its timeout of ${timeoutMs} ms.`,
    );
    this.#stop(error);
    this.#threw(error);
  }

  /** Tells the user's code to stop, by its signal. */
  #stop(reason: Error): void {
    this.#stopReason = reason;
    this.#controller?.abort(reason);
  }

  #closeTry(ending: unknown): void {
    this.#openTry = 0;
    this.#timer?.cancel();
    this.#timer = null;
    if (this.madeSignal !== null && this.madeSignal !== ending) {
      this.flowRun.log(
        "warn",
        `${this.madeSignal.call} was made but did not end the task: it was caught, or never thrown.`,
        this,
      );
    }
  }

  #returned(value: unknown): void {
    this.#closeTry(undefined);
    const { settings } = this.#code;
    const store = settings.checkpoint ? this.flowRun.storeFor(settings) : null;
    if (store === null) return this.#succeed(value);
    void this.#checkpoint(store, value);
  }

  async #checkpoint(store: Store, value: unknown): Promise<void> {
    const { task, number, mapIndex } = this.identity;
    const { runId, flow, attempt } = this.flowRun.setup;
    try {
      const where = { runId, flow, attempt, task, taskRunNumber: number, tryNumber: this.tryNumber, mapIndex };
      const { location, bytes } = await keepResult(store, value, where);
      if (!this.done) this.#succeed(value, { location, resultBytes: bytes });
    } catch (error) {
      // The code ran well: running it again because the disk is full would be a second execution without a cause.
      if (!this.done) this.endWith("Failed", error);
    }
  }

  #succeed(value: unknown, detail?: { location: string; resultBytes: number }): void {
    this.#value = value;
    this.move("Success", detail);
    this.end();
  }

  #skip(message: string): void {
    this.move("Skipped", { message });
    this.end();
  }

  #threw(thrown: unknown): void {
    this.#closeTry(thrown);
    if (this.state === "Cancelling") return this.endWith("Cancelled", this.#stopReason);
    const next = this.#decide(thrown);
    if (next.state === "Retrying") {
      const failure = failureOf(thrown);
      this.#retryAt(this.flowRun.clock.now() + next.delayMs, { failure });
    } else if (next.state === "Skipped") this.#skip(thrown instanceof SkipSignal ? thrown.message : "");
    else this.endWith(next.state, thrown);
  }

  #decide(thrown: unknown): NextStep {
    const { now, random } = this.flowRun.clock;
    try {
      return nextStep(thrown, this.tryNumber, this.#code.settings, now(), random);
    } catch (error) {
      // A `retryOn` of the user's that throws decides nothing, so nothing is retried; both errors are told.
      this.flowRun.log("error", `retryOn of ${this.label()} threw: ${failureOf(error).message}`, this);
      return { state: "Failed" };
    }
  }

  #retryAt(startTime: number, detail: { failure?: ReturnType<typeof failureOf> }): void {
    const { now } = this.flowRun.clock;
    this.move("Retrying", { ...detail, tryNumber: this.tryNumber, startTime });
    this.#timer = onceDue(startTime - now(), () => this.flowRun.queue.push(this));
  }

  cancel(reason: RunCancelledError): void {
    if (this.done) return;
    if (this.state !== "Running") return this.abandon(reason);
    this.move("Cancelling");
    this.#stop(reason);
  }

  abandon(reason: RunCancelledError): void {
    if (this.done) return;
    this.#timer?.cancel();
    this.#openTry = 0;
    this.#stop(reason);
    this.endWith("Cancelled", reason);
  }

  protected override end(): void {
    this.#inputs = FORGOTTEN;
    super.end();
  }

  use(): void {
    this.hear();
    if (!this.#restored) return;
    this.#restored = false;
    if (this.state === "Skipped") return;
    this.done = false;
    const location = this.#known?.location;
    if (location === undefined) this.#declareAndWait();
    else void this.#load(location);
  }

  async #load(location: string): Promise<void> {
    try {
      this.#value = await readResult(this.flowRun.storeFor(this.#code.settings), location, this.label());
    } catch (error) {
      this.error = error;
    }
    this.settle();
  }

  take(): unknown {
    return this.#value;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
