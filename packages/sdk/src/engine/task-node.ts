import type { KnownTaskRun } from "@weir/protocol";
import type { Store } from "@weir/results";
import { type RunCancelledError, WeirError } from "../errors.ts";
import { failureOf, messageText } from "../failure-of.ts";
import { SkipSignal } from "../signals.ts";
import { type CallInputs, FORGOTTEN, obstacleAmong, resolveInputs, skippedBecause } from "./call-inputs.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { FlowRun } from "./flow-run.ts";
import { hasSucceeded, triesBehind } from "./known-runs.ts";
import { nextStep, type NextStep } from "./next-step.ts";
import { keepResult, readResult } from "./results-of.ts";
import type { RunHandle } from "./run-handle.ts";
import { RunNode } from "./run-node.ts";
import { type TaskCode, TaskTry, type TryOwner } from "./task-try.ts";

/** One task run: waits for its inputs, runs, tries again, keeps its result. */
export class TaskNode extends RunNode implements TryOwner {
  readonly #code: TaskCode;
  readonly #known: KnownTaskRun | null;
  #inputs: CallInputs;
  #value: unknown = undefined;
  /** Known to have succeeded; its value is read, or made again, when somebody wants it. */
  #restored = false;
  #waitingFor = 0;
  #wait: { cancel(): void } | null = null;
  #tryNumber = 0;
  #try: TaskTry | null = null;

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
    if (obstacle.verdict === "skipped") this.#skip(skippedBecause(obstacle));
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
    if (known === null || this.#tryNumber > 0) return false;
    this.#tryNumber = triesBehind(known);
    const startTime = known.state === "Retrying" ? (known.startTime ?? 0) : 0;
    if (startTime <= this.flowRun.clock.now()) return false;
    this.#retryAt(startTime, {});
    return true;
  }

  #runTry(): void {
    this.#tryNumber += 1;
    this.#try = new TaskTry(this, this.flowRun, this.identity, this.#tryNumber);
    this.move("Running", { tryNumber: this.#tryNumber });
    this.#try.run(this.#code, resolveInputs(this.#inputs));
  }

  /** Tells of a signal that this try made and that did not end it. */
  #tellSwallowed(ending: unknown): void {
    const made = this.#try?.madeSignal ?? null;
    this.#try = null;
    if (made === null || made === ending) return;
    this.flowRun.log("warn", `${made.call} was made but did not end the task: it was caught, or never thrown.`, this);
  }

  returned(value: unknown): void {
    this.#tellSwallowed(undefined);
    const { settings } = this.#code;
    const store = settings.checkpoint ? this.flowRun.storeFor(settings) : null;
    if (store === null) return this.#succeed(value);
    void this.#checkpoint(store, value);
  }

  async #checkpoint(store: Store, value: unknown): Promise<void> {
    const { task, number, mapIndex } = this.identity;
    const { runId, flow, attempt } = this.flowRun.setup;
    try {
      const where = { runId, flow, attempt, task, taskRunNumber: number, tryNumber: this.#tryNumber, mapIndex };
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
    this.move("Skipped", { message: messageText(message) });
    this.end();
  }

  threw(thrown: unknown): void {
    this.#tellSwallowed(thrown);
    if (this.state === "Cancelling") return this.endWith("Cancelled", this.flowRun.cancelReason);
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
      return nextStep(thrown, this.#tryNumber, this.#code.settings, now(), random);
    } catch (error) {
      // A `retryOn` of the user's that throws decides nothing, so nothing is retried; both errors are told.
      const why = failureOf(error).message;
      this.flowRun.log("error", `It cannot be decided whether ${this.label()} may be tried again: ${why}`, this);
      return { state: "Failed" };
    }
  }

  #retryAt(startTime: number, detail: { failure?: ReturnType<typeof failureOf> }): void {
    const { now, after } = this.flowRun.clock;
    this.move("Retrying", { ...detail, tryNumber: this.#tryNumber, startTime });
    this.#wait = after(startTime - now(), () => this.flowRun.queue.push(this));
  }

  cancel(reason: RunCancelledError): void {
    if (this.done) return;
    if (this.state !== "Running") return this.abandon(reason);
    this.move("Cancelling");
    this.#try?.stop(reason);
  }

  abandon(reason: RunCancelledError): void {
    if (this.done) return;
    this.#wait?.cancel();
    this.#try?.stop(reason);
    this.#try?.leave();
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
