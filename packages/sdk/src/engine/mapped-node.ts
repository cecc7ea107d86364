import type { KnownTaskRun } from "@weir/protocol";
import { LIMITS } from "@weir/protocol/limits";
import { type RunCancelledError, WeirError } from "../errors.ts";
import { allSuccessful, type UpstreamState } from "../task/triggers.ts";
import type { Body } from "./body.ts";
import { type CallInputs, FORGOTTEN, obstacleAmong, readBareInputs, skippedBecause } from "./call-inputs.ts";
import { messageText } from "../failure-of.ts";
import { Children, type Summary } from "./children.ts";
import type { TaskRunFacts } from "./declare.ts";
import { isKept } from "./known-runs.ts";
import { awaitedBeforeMap, childInputs, type IndexedRun, mapSources, type Source, unwrapped } from "./map-sources.ts";
import type { Origins } from "./origins.ts";
import type { RunHandle, Verdict } from "./run-handle.ts";
import { RunNode } from "./run-node.ts";
import { TaskNode } from "./task-node.ts";
import { failed, type Transition } from "./transition.ts";
import type { TaskCode } from "./task-try.ts";
import { Turns } from "./turns.ts";

/** Children add their index to the run name that they share; together it must not be longer than a name may be. */
const LONGEST_SHARED_NAME = LIMITS.nameLength - 20;

const NONE: readonly RunHandle[] = [];

const isMapped = (run: RunHandle): run is MappedNode => run instanceof MappedNode;

/**
 * A task mapped over lists: becomes Mapped as soon as it is known how many children there are, then begins them one by one, as
 * their turn and their inputs come. A child that has not begun costs nothing: 100,000 of them fit into memory.
 */
export class MappedNode extends RunNode implements IndexedRun {
  readonly mapped = true;
  readonly #code: TaskCode;
  readonly #known: KnownTaskRun | null;
  readonly #children = new Children<TaskNode>();
  #inputs: CallInputs;
  #sources: readonly Source[] = [];
  #shared = FORGOTTEN;
  #fanned = false;
  #fanListeners: (() => void)[] = [];
  #waitingFor = 0;
  count = 0;
  #turns = new Turns(0, 1, true);
  #queued = false;
  #stopped: RunCancelledError | null = null;
  #wanted = false;
  #summary: Summary | null = null;
  /** Children that had succeeded and whose value is read, or made, once more. */
  #reopened = 0;
  /** What a handler has put in the place of its end. */
  #replaced: Transition | null = null;

  constructor(body: Body, identity: TaskRunFacts, code: TaskCode, inputs: CallInputs, known: KnownTaskRun | null) {
    super(body, identity);
    this.#code = code;
    this.#inputs = inputs;
    this.#known = known?.state === "Mapped" ? known : null;
  }

  begin(): void {
    if (this.#known !== null && this.#restoreWhole(this.#known)) return;
    if (this.#known === null) this.announce();
    else this.#resume();
    if (this.flowRun.cancelReason !== null) return this.cancel(this.flowRun.cancelReason);
    if (!this.#mustWait()) this.flowRun.queue.push(this);
  }

  #mustWait(): boolean {
    const { values, after } = this.#inputs;
    for (const handle of awaitedBeforeMap(values, isMapped)) {
      handle.use();
      this.#waitFor(handle.done, (listener) => handle.subscribe(listener));
    }
    for (const handle of after) {
      handle.hear();
      this.#waitFor(handle.done, (listener) => handle.subscribe(listener));
    }
    for (const run of this.#indexed()) {
      run.hear();
      this.#waitFor(run.#fanned || run.done, (listener) => run.#fanListeners.push(listener));
    }
    return this.#waitingFor > 0;
  }

  /** It was Mapped in an earlier attempt, with children that are not over: nothing is told again unless the count changes. */
  #resume(): void {
    this.state = "Mapped";
    this.body.live.add(this);
    this.flowRun.live.add(this);
  }

  /** All children succeeded in an earlier attempt: neither they nor their inputs are needed, until somebody wants the list. */
  #restoreWhole(known: KnownTaskRun): boolean {
    const { mapCount = 0 } = known;
    const { values } = this.#inputs;
    if (values.some((value) => Array.isArray(value) && value.length !== mapCount)) return false;
    const indexes = Array.from({ length: mapCount }, (_, index) => index);
    if (
      !indexes.every((mapIndex) =>
        isKept(this.flowRun.known.look({ ...this.identity, mapIndex, parent: this.identity.number })),
      )
    )
      return false;
    this.state = "Mapped";
    this.count = mapCount;
    this.#fanned = true;
    for (const index of indexes) {
      this.#child(index, []).begin();
      this.#children.ended(index);
    }
    this.#summary = this.#children.summary(this.label(), mapCount, null);
    this.done = true;
    return true;
  }

  /** With a trigger of its own, each child is asked about what all of them come after; else that is the mapped run's own affair. */
  #childrenComeAfter(): readonly RunHandle[] {
    return this.#code.settings.trigger === allSuccessful ? NONE : this.#inputs.after;
  }

  #indexed(): MappedNode[] {
    return this.#inputs.values.filter((value): value is MappedNode => value instanceof MappedNode);
  }

  #waitFor(there: boolean, subscribe: (listener: () => void) => void): void {
    if (there) return;
    this.#waitingFor += 1;
    subscribe(() => {
      this.#waitingFor -= 1;
      if (this.#waitingFor === 0 && !this.done) this.flowRun.queue.push(this);
    });
  }

  /** Called when its turn has come: to fan out, then to begin one child each time. */
  start(): void {
    this.#queued = false;
    if (this.done) return;
    if (!this.#fanned) return this.#mustWait() ? undefined : this.#fanOut();
    if (this.#mayBegin()) this.#beginChild(this.#turns.next());
    this.#wake();
  }

  #fanOut(): void {
    if (this.#isObstructed()) return;
    try {
      const { sources, count } = mapSources(this.identity.task, this.#inputs.values, isMapped);
      this.#sources = sources;
      const handles = awaitedBeforeMap(this.#inputs.values, isMapped);
      this.#shared = { ...unwrapped(this.#inputs), handles, after: NONE };
      this.count = count;
    } catch (error) {
      return this.#endAs(failed("Failed", error));
    }
    this.#tellMapped(() => {
      this.#fanned = true;
      this.#tellFanned();
      this.#watchSources();
      this.#wake();
      this.#checkEnd();
    });
  }

  #isObstructed(): boolean {
    const { values, after } = this.#inputs;
    const unmapped = this.#indexed().filter((run) => !run.#fanned);
    const { trigger, skipOnUpstreamSkip } = this.#code.settings;
    const own = trigger === allSuccessful ? after : [];
    const obstacle = obstacleAmong(
      [...awaitedBeforeMap(values, isMapped), ...own, ...unmapped],
      values,
      skipOnUpstreamSkip,
    );
    if (obstacle === null) return false;
    if (obstacle.verdict === "skipped") {
      this.#endAs({ state: "Skipped", detail: { message: messageText(skippedBecause(obstacle)) } });
    } else if (obstacle.verdict === "unreadable") this.#endAs(failed("Failed", obstacle.error));
    else {
      const message = `The task ${JSON.stringify(this.identity.task)} was not mapped: ${obstacle.which}, did not succeed.`;
      this.#endAs(failed("TriggerFailed", new WeirError("UPSTREAM_FAILED", message, { cause: obstacle.error })));
    }
    return true;
  }

  /** Ends without children. */
  #endAs(wanted: Transition): void {
    this.#speak();
    this.asked(this.#code.settings.handlers, 0, wanted, (transition) => this.#replace(transition));
  }

  #replace(transition: Transition): void {
    const { state, error, detail } = transition;
    this.#replaced = transition;
    this.error = error;
    this.move(state, detail);
    this.end();
  }

  /** What it was in an earlier attempt does not hold any more: begins again. */
  #speak(): void {
    if (this.state === "Mapped") this.announce();
  }

  #tellMapped(goOn: () => void): void {
    if (this.state === "Mapped" && this.#known?.mapCount === this.count) return goOn();
    this.#speak();
    const mapped: Transition = { state: "Mapped", detail: { mapCount: this.count } };
    this.asked(this.#code.settings.handlers, 0, mapped, (transition) => {
      if (transition.state !== "Mapped") return this.#replace(transition);
      this.move("Mapped", transition.detail);
      goOn();
    });
  }

  #tellFanned(): void {
    const listeners = this.#fanListeners;
    this.#fanListeners = [];
    for (const listener of listeners) listener();
  }

  /** Map over map: a child's turn comes when the child of its index has ended in each source. */
  #watchSources(): void {
    const runs = this.#sources.flatMap((source) => (source.kind === "indexed" ? [source.run] : []));
    this.#turns = new Turns(this.count, this.#code.settings.maxConcurrency, runs.length === 0);
    const missing = new Uint8Array(runs.length === 0 ? 0 : this.count).fill(runs.length);
    for (const run of runs) {
      run.onChildEnded((index) => {
        missing[index] = (missing[index] ?? 1) - 1;
        if (missing[index] !== 0) return;
        this.#turns.arrived(index);
        this.#wake();
      });
    }
  }

  onChildEnded(listener: (index: number) => void): void {
    this.#children.onEnded(listener);
  }

  #mayBegin(): boolean {
    return this.#stopped === null && this.#turns.hasNext;
  }

  #wake(): void {
    if (this.#queued || this.done || !this.#mayBegin()) return;
    this.#queued = true;
    this.flowRun.queue.push(this);
  }

  #child(index: number, values: readonly unknown[]): TaskNode {
    const { task, ordinal, key, runName, number: parent, tags } = this.identity;
    const known = this.flowRun.known.take({ task, ordinal, key, mapIndex: index, parent });
    const number = known?.number ?? this.flowRun.known.nextNumber();
    const name = runName === undefined ? undefined : `${runName.slice(0, LONGEST_SHARED_NAME)}[${index}]`;
    const identity = { number, task, ordinal, key, runName: name, mapIndex: index, parent, tags };
    const inputs = { ...readBareInputs(values), after: this.#childrenComeAfter(), shared: this.#shared };
    const child = new TaskNode(this.body, identity, this.#code, inputs, known);
    this.#children.set(index, child);
    child.reopened = () => this.#reopen(child);
    // Their failures are the list's.
    child.hear();
    return child;
  }

  /** Somebody else wants the value of a child that had succeeded, and it is not at hand: the list is not whole until it is. */
  #reopen(child: TaskNode): void {
    if (this.#wanted) return;
    this.done = false;
    this.#reopened += 1;
    child.subscribe(() => {
      this.#reopened -= 1;
      if (this.#reopened > 0) return;
      if (this.#summary === null) return this.#checkEnd();
      this.#summary = this.#children.summary(this.label(), this.count, this.#stopped);
      this.settle();
    });
  }

  #beginChild(index: number): void {
    const child = this.#child(index, childInputs(this.#sources, index));
    child.begin();
    if (child.done) this.#childEnded(index);
    else child.subscribe(() => this.#childEnded(index));
  }

  #childEnded(index: number): void {
    this.#turns.ended();
    this.#children.ended(index);
    this.#wake();
    this.#checkEnd();
  }

  #checkEnd(): void {
    if (this.done || this.#reopened > 0) return;
    if (this.#turns.isOver || (this.#turns.isIdle && this.#stopped !== null)) this.#finish();
  }

  readonly #finish = (): void => {
    if (this.#wanted && !this.#children.demand(this.#finish)) return;
    this.#summary = this.#children.summary(this.label(), this.count, this.#stopped);
    this.error = this.#summary.error;
    this.end();
  };

  protected override end(): void {
    this.#inputs = FORGOTTEN;
    this.#sources = [];
    this.#shared = FORGOTTEN;
    super.end();
    this.#tellFanned();
  }

  protected override hasFailed(): boolean {
    return this.#summary === null ? super.hasFailed() : this.#summary.failed > 0;
  }

  cancel(reason: RunCancelledError): void {
    if (this.done) return;
    this.#stopped = reason;
    if (this.#fanned) this.#checkEnd();
    else if (this.state === "Mapped") this.#finish();
    else this.endWith("Cancelled", reason);
  }

  abandon(reason: RunCancelledError): void {
    this.cancel(reason);
    if (!this.done) this.#finish();
  }

  use(): void {
    this.hear();
    if (this.#wanted) return;
    this.#wanted = true;
    if (!this.done || !this.#fanned) return;
    this.done = this.#children.demand(this.#finish);
  }

  override verdict(): Verdict {
    return this.#summary?.verdict ?? super.verdict();
  }

  override isSkipped(): boolean {
    return this.#summary?.skipped ?? super.isSkipped();
  }

  take(): unknown {
    return this.#replaced === null ? this.#children.values() : this.#replaced.value;
  }

  protected override noteOrigin(value: unknown, origins: Origins): void {
    super.noteOrigin(value, origins);
    if (this.#replaced !== null) return;
    for (const child of this.#children.begun()) origins.rememberElement(child.take(), child);
  }

  override persist(): void {
    for (const child of this.#children.begun()) child.persist();
  }

  override waitsOn(other: RunHandle): boolean {
    const { values, after } = this.#inputs;
    const awaited = [...awaitedBeforeMap(values, isMapped), ...after, ...this.#indexed()];
    if (awaited.some((handle) => handle === other || (!handle.done && handle.waitsOn(other)))) return true;
    return this.#children.begun().some((child) => child === other);
  }

  override upstreamStates(into: UpstreamState[]): void {
    if (!this.#fanned || this.count === 0) return super.upstreamStates(into);
    for (const child of this.#children.begun()) child.upstreamStates(into);
  }

  child(index: number): TaskNode | undefined {
    return this.#children.get(index);
  }

  begunChildren(): TaskNode[] {
    return this.#children.begun();
  }
}
