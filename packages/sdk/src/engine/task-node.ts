import type { KnownTaskRun } from "@weir/protocol";
import { isSuccessful, isTaskRunMove, isTerminal } from "@weir/protocol/state";
import type { Where } from "@weir/results";
import type { Loop } from "../context/loop.ts";
import type { RunCancelledError } from "../errors.ts";
import { failureOf, messageText } from "../failure-of.ts";
import { type Admission, askTrigger, beforeTrigger, foreignInput } from "./admission.ts";
import type { Body } from "./body.ts";
import { type CacheHit, findResult } from "./cache-lookup.ts";
import { type CallInputs, FORGOTTEN, obstacleOf, resolveInputs } from "./call-inputs.ts";
import type { TaskRunFacts } from "./declare.ts";
import { triesBehind } from "./known-runs.ts";
import { nextStep, type NextStep } from "./next-step.ts";
import type { RunHandle } from "./run-handle.ts";
import { renderedName } from "./rendered-name.ts";
import { type TaskCode, TaskTry, type TryOwner } from "./task-try.ts";
import { failed, queuedFor, type Transition } from "./transition.ts";
import { ValueNode } from "./value-node.ts";
import { Waits } from "./waits.ts";

const FIRST_TURN: Loop = { count: 0, value: undefined };

/**
 * One task run, from its call to its end. Its way: what it depends on has ended; something skipped? something unreadable? target or
 * cache; trigger; approval; start time; slots; Running; and then whatever follows from how the try ended.
 */
export class TaskNode extends ValueNode implements TryOwner {
  #inputs: CallInputs;
  #waitingFor = 0;
  #waits: Waits | null = null;
  #tryNumber = 0;
  #try: TaskTry | null = null;
  #loop = FIRST_TURN;
  #approved = false;
  #approvedHere = false;
  /** An earlier attempt left it waiting for a person, who has not come yet. */
  #waitsForPerson = false;
  #granted = false;
  #hit: CacheHit | null = null;
  /** Runs that the task's own code has awaited. */
  #awaited: Set<RunHandle> | null = null;
  #named = false;
  /** Not before this moment: an earlier attempt was waiting for a further try. */
  #startTime = 0;

  constructor(body: Body, identity: TaskRunFacts, code: TaskCode, inputs: CallInputs, known: KnownTaskRun | null) {
    super(body, identity, code, known);
    this.#inputs = inputs;
  }

  protected declareAndGoOn(): void {
    this.announce();
    if (this.flowRun.cancelReason !== null && this.code.kind !== "cleanup")
      return this.cancel(this.flowRun.cancelReason);
    const { handles, after } = this.#inputs;
    const foreign = handles.find((handle) => handle.flowRun !== this.flowRun);
    if (foreign !== undefined) return this.#refuse(foreignInput(this.identity.task, foreign));
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

  override noteAwaited(handle: RunHandle): void {
    (this.#awaited ??= new Set()).add(handle);
  }

  override waitsOn(other: RunHandle): boolean {
    const { handles, after } = this.#inputs;
    const awaited = this.#awaited ?? [];
    return [...handles, ...after, ...awaited].some(
      (handle) => handle === other || (!handle.done && handle.waitsOn(other)),
    );
  }

  /** Called when its turn has come: all inputs have ended, a wait is over, a person has approved it, or its slots are granted. */
  start(): void {
    if (this.done) return;
    if (this.state === "Queued") return this.#run();
    if (this.state === "Resume") return this.#pass();
    if (this.state !== "Pending") return this.#askSlots();
    // Between its turn's coming and now, an input of an earlier attempt may have begun again: somebody else wanted its value.
    if (this.#mustWait()) return;
    const known = this.known;
    if (known !== null && this.#takeUp(known)) return;
    const admission = beforeTrigger(this.#inputs, this.code.settings);
    if (admission.verdict !== "run") return this.#refuse(admission);
    if (this.#mayBeFound()) this.#then(this.#lookUp(), () => this.#trigger());
    else this.#trigger();
  }

  /** What an earlier attempt has left of it counts on: tries, turns, approval. True: the value of its last turn is read first. */
  #takeUp(known: KnownTaskRun): boolean {
    this.known = null;
    this.#tryNumber = triesBehind(known);
    this.#approved = known.approved === true || known.state === "Resume";
    this.#waitsForPerson = known.state === "Paused" && !this.#approved;
    if (known.state === "Retrying") this.#startTime = known.startTime ?? 0;
    const lost = this.result.mayNotRunAgain(known);
    if (lost !== null) return (this.#refuse({ verdict: "fail", state: "Failed", error: lost }), true);
    if (known.loopCount === undefined) return false;
    this.#then(this.#takeUpLoop(known.loopCount, known.location), () => this.flowRun.queue.push(this));
    return true;
  }

  async #takeUpLoop(count: number, location: string | undefined): Promise<void> {
    if (location === undefined) return;
    this.#loop = { count, value: await this.result.read(location) };
  }

  #mayBeFound(): boolean {
    const { target, cache } = this.code.settings;
    if ((target === null && cache === null) || this.#tryNumber > 0 || this.#loop.count > 0) return false;
    return obstacleOf("unsuccessful", this.#inputs.handles, this.#inputs.values) === null;
  }

  async #lookUp(): Promise<void> {
    const { flowRun, body, identity, code } = this;
    const question = {
      flow: body.flow,
      task: identity.task,
      settings: code.settings,
      store: this.result.store,
      cloud: flowRun.setup.cloud,
      inputs: resolveInputs(this.#inputs),
      parameters: body.parameters,
      now: flowRun.clock.now(),
      warn: (text: string) => flowRun.log("warn", text, this),
    };
    this.#hit = await findResult(question, () => this.where());
  }

  /** Goes on when the work is done. What it throws fails the task run: it is none of the user's code, so it is not tried again. */
  #then<T>(work: Promise<T>, goOn: (value: T) => void): void {
    void this.flowRun.activity.during(
      work.then(
        (value) => (this.done ? undefined : goOn(value)),
        (error: unknown) => (this.done ? undefined : this.enter(failed("Failed", error))),
      ),
    );
  }

  #trigger(): void {
    const admission = askTrigger(this.identity.task, this.#inputs, this.code.settings);
    if (admission instanceof Promise) this.#then(admission, (decided) => this.#decided(decided));
    else this.#decided(admission);
  }

  #decided(admission: Admission): void {
    const { verdict } = admission;
    if (verdict === "skip" || verdict === "fail") return this.#refuse(admission);
    if (verdict === "run" ? !this.#waitsForPerson : this.#approved) return this.#pass();
    this.enter({ state: "Paused", detail: { message: "It waits for a person to approve it." } });
  }

  #refuse(admission: Admission): void {
    if (admission.verdict === "fail") this.enter(failed(admission.state, admission.error));
    else if (admission.verdict === "skip")
      this.enter({ state: "Skipped", detail: { message: messageText(admission.message) } });
  }

  #pass(): void {
    const hit = this.#hit;
    if (hit !== null) {
      const { message, value, ...detail } = hit;
      return this.enter({ state: "Cached", value, detail: { ...detail, message } });
    }
    if (this.#startTime > this.flowRun.clock.now()) return this.enter(this.#retrying(this.#startTime));
    this.#askSlots();
  }

  /** A tag may have a limit in the cloud. Only tagged tasks pay for the question. */
  #askSlots(): void {
    const { cloud } = this.flowRun.setup;
    const { tags } = this.code.settings;
    if (cloud === null || tags.length === 0) return this.#run();
    const { number } = this.identity;
    this.#granted = false;
    this.flowRun.queued.set(number, this);
    this.#then(cloud.ask("slots", { number, tags }), ({ granted }) => {
      if ((this.#granted ||= granted)) this.#run();
      else this.enter(queuedFor(tags, this.#tryNumber));
    });
  }

  /** The cloud has granted its slots. */
  grant(): void {
    if (this.#granted || this.done) return;
    this.#granted = true;
    if (this.state !== "Queued") return;
    this.#waits?.end();
    this.flowRun.queue.push(this);
  }

  /** A person has approved it. A second order in one attempt may be the first one told again: what it asks then waits for the next attempt. */
  approve(): void {
    if (this.done || this.state !== "Paused" || this.#approvedHere) return;
    this.#approved = true;
    this.#approvedHere = true;
    this.#waits?.end();
    this.flowRun.paused.delete(this.identity.number);
    this.enter({ state: "Resume", detail: { message: "approved" } });
  }

  #run(): void {
    this.flowRun.queued.delete(this.identity.number);
    const named = this.#name();
    if ("error" in named) return this.enter(failed("Failed", named.error));
    this.#tryNumber += 1;
    const tryNumber = this.#tryNumber;
    const detail = named.name === undefined ? { tryNumber } : { tryNumber, runName: named.name };
    this.enter({ state: "Running", detail });
  }

  #name(): ReturnType<typeof renderedName> {
    const { runName } = this.code.settings;
    if (this.#named || runName === undefined) return {};
    this.#named = true;
    const { mapIndex } = this.identity;
    return renderedName(runName, this.#inputs, { parameters: this.body.parameters, mapIndex });
  }

  /** Asks the handlers, then tells of the state and does what it means. */
  protected enter(wanted: Transition): void {
    this.asked(this.code.settings.handlers, this.#tryNumber, wanted, (transition) => {
      if (transition === wanted || transition.state !== "Success") return this.#commit(transition);
      // A value that a handler has put in is as good as one that was returned: it is written too.
      this.#then(this.result.kept(transition.value, this.where()), (kept) => this.#commit(kept));
    });
  }

  #commit(transition: Transition): void {
    const { state, detail } = transition;
    if (isTerminal(state)) return this.#finish(transition);
    this.move(state, detail);
    if (state === "Running") this.#beginTry();
    else if (state === "Retrying") this.#waitUntil(detail?.startTime ?? 0);
    else if (state === "Paused") this.#pause();
    else if (state === "Queued") this.#waitForSlots();
    else this.flowRun.queue.push(this);
  }

  #finish({ state: wanted, detail, value, error }: Transition): void {
    // While its result was written, or a handler was asked, the run was cancelled: what had come to its end has come to its end.
    const state = isTaskRunMove(this.state, wanted) ? wanted : isSuccessful(wanted) ? "Success" : "Cancelled";
    this.error = error;
    this.result.set(value, detail?.location);
    this.move(state, detail);
    this.end();
  }

  #beginTry(): void {
    const { body, flowRun, identity } = this;
    const facts = { identity, tryNumber: this.#tryNumber, loop: this.#loop, approved: this.#approved };
    this.#try = new TaskTry(this, body, flowRun.clock, facts);
    flowRun.activity.begin();
    let inputs: readonly unknown[];
    try {
      inputs = resolveInputs(this.#inputs);
    } catch (error) {
      return this.#try.leave()?.threw(error);
    }
    const { standIns } = flowRun.setup;
    const code = standIns === undefined ? this.code : { ...this.code, fn: standIns.fn(identity.task, this.code.fn) };
    const executor = standIns === undefined ? flowRun.used(this.code.settings.executor ?? body.executor) : null;
    this.#try.run(code, inputs, executor);
  }

  /** Tells of a signal that this try made and that did not end it. */
  #endTry(ending: unknown): void {
    const made = this.#try?.madeSignal ?? null;
    this.#try = null;
    this.flowRun.activity.end();
    if (made === null || made === ending) return;
    this.flowRun.log("warn", `${made.call} was made but did not end the task: it was caught, or never thrown.`, this);
  }

  returned(value: unknown): void {
    this.#endTry(undefined);
    this.#succeed(value);
  }

  #succeed(value: unknown): void {
    const { settings } = this.code;
    const isCached = settings.cache !== null && this.state === "Running";
    if (!isCached && !this.result.isKept) return this.enter({ state: "Success", value });
    const kept = isCached
      ? this.result.cached(value, this.where(), this.#inputs)
      : this.result.kept(value, this.where());
    this.#then(kept, (transition) => this.enter(transition));
  }

  threw(thrown: unknown): void {
    this.#endTry(thrown);
    const next = this.#decide(thrown);
    if (next.state === "Success") return this.#succeed(next.value);
    if (this.state === "Cancelling") return this.endWith("Cancelled", this.flowRun.cancelReason);
    if (next.state === "Looped") return this.#turn(next.value);
    // Neither waiting for a person nor a further turn uses up a try.
    if (next.state === "Paused") this.#tryNumber -= 1;
    if (next.state === "Retrying") {
      const retrying = this.#retrying(this.flowRun.clock.now() + next.delayMs);
      this.enter({ ...retrying, error: thrown, detail: { ...retrying.detail, failure: failureOf(thrown) } });
    } else if (next.state === "Skipped" || next.state === "Paused") {
      this.enter({ state: next.state, detail: { message: messageText((thrown as Error).message) } });
    } else this.enter(failed(next.state, thrown));
  }

  #decide(thrown: unknown): NextStep {
    const { now, random } = this.flowRun.clock;
    try {
      return nextStep(thrown, this.#tryNumber, this.code.settings, now(), random);
    } catch (error) {
      // A `retryOn` of the user's that throws decides nothing, so nothing is retried; both errors are told.
      const why = failureOf(error).message;
      this.flowRun.log("error", `It cannot be decided whether ${this.label()} may be tried again: ${why}`, this);
      return { state: "Failed" };
    }
  }

  /** A turn is over: its value is written, then the next one begins. */
  #turn(value: unknown): void {
    const count = this.#loop.count + 1;
    this.#then(this.result.turn(value, { ...this.where(), turn: count }), () => {
      if (this.flowRun.cancelReason !== null) return this.abandon(this.flowRun.cancelReason);
      this.#loop = { count, value };
      this.#tryNumber -= 1;
      this.enter({ state: "Looped", value, detail: { loopCount: count, ...this.result.place } });
    });
  }

  #retrying(startTime: number): Transition {
    const tries = this.#tryNumber === 0 ? {} : { tryNumber: this.#tryNumber };
    const turns = this.#loop.count === 0 ? {} : { loopCount: this.#loop.count };
    return { state: "Retrying", detail: { ...tries, ...turns, startTime } };
  }

  #waitUntil(startTime: number): void {
    const { clock, activity, queue, setup } = this.flowRun;
    this.flowRun.persist(this.#inputs);
    const isFar = startTime - clock.now() > this.code.settings.holdForMs && setup.mayWait;
    (this.#waits ??= new Waits()).until(startTime, { activity, clock, isFar, over: () => queue.push(this) });
  }

  #pause(): void {
    this.flowRun.paused.set(this.identity.number, this);
    (this.#waits ??= new Waits()).forPerson(this.flowRun.activity);
  }

  #waitForSlots(): void {
    this.flowRun.persist(this.#inputs);
    if (this.#granted) this.flowRun.queue.push(this);
    else (this.#waits ??= new Waits()).forSlots(this.flowRun.activity);
  }

  protected where(): Where {
    return this.result.where(this.#tryNumber, this.#inputs);
  }

  cancel(reason: RunCancelledError): void {
    if (this.done || this.code.kind === "cleanup") return;
    if (this.state !== "Running") return this.abandon(reason);
    this.move("Cancelling");
    this.#try?.stop(reason);
  }

  abandon(reason: RunCancelledError): void {
    if (this.done) return;
    this.#waits?.end();
    this.flowRun.queued.delete(this.identity.number);
    this.flowRun.paused.delete(this.identity.number);
    if (this.#try !== null) {
      this.#try.stop(reason);
      if (this.#try.leave() !== null) this.flowRun.activity.end();
    }
    this.endWith("Cancelled", reason);
  }

  protected override end(): void {
    this.#inputs = FORGOTTEN;
    this.#awaited = null;
    super.end();
  }
}
