import type { TaskEvent } from "@weir/protocol";
import { isFailed, isSuccessful, isTaskRunMove, isTerminal, type StateName } from "@weir/protocol/state";
import type { RunCancelledError } from "../errors.ts";
import { failureOf } from "../failure-of.ts";
import type { StateHandler } from "../task/state-handlers.ts";
import type { UpstreamState } from "../task/triggers.ts";
import type { Body } from "./body.ts";
import { declaration, type TaskRunFacts } from "./declare.ts";
import type { FlowRun } from "./flow-run.ts";
import { RunHandle, type Verdict } from "./run-handle.ts";
import { throughHandlers, type Transition } from "./transition.ts";

/** What a task event may tell besides its state. */
export type Detail = Omit<Partial<TaskEvent>, "kind" | "at" | "number" | "state">;

/** A task run with a history of its own: a plain one, a mapped one, a child of a mapped one, or a subflow. */
export abstract class RunNode extends RunHandle {
  /** The flow's or subflow's function that called it. */
  readonly body: Body;
  readonly identity: TaskRunFacts;
  state: StateName = "Pending";
  error: unknown = undefined;
  #heard = false;

  constructor(body: Body, identity: TaskRunFacts) {
    super();
    this.body = body;
    this.identity = identity;
  }

  get flowRun(): FlowRun {
    return this.body.flowRun;
  }

  /** The run is cancelled: what has not begun ends, what runs is told to stop. */
  abstract cancel(reason: RunCancelledError): void;
  /** The grace is over: ends now, whatever the user's code still does. */
  abstract abandon(reason: RunCancelledError): void;

  /** Comes to be, or begins again in a later attempt. */
  protected announce(): void {
    this.state = "Pending";
    this.body.live.add(this);
    this.flowRun.live.add(this);
    this.flowRun.emit(declaration(this.identity, this.flowRun.clock.now()));
  }

  protected move(state: StateName, detail?: Detail): void {
    if (!isTaskRunMove(this.state, state)) throw new Error(`${this.label()} cannot go from ${this.state} to ${state}.`);
    this.state = state;
    const event: TaskEvent = { kind: "task", at: this.flowRun.clock.now(), number: this.identity.number, state };
    this.flowRun.emit(detail === undefined ? event : Object.assign(event, detail));
  }

  /**
   * Asks the handlers about a state, if there are any, then goes on with what they leave of it. Whatever they do, a run that was cancelled
   * meanwhile begins nothing, and one that has ended stays as it is.
   */
  protected asked(
    handlers: readonly StateHandler[],
    tryNumber: number,
    wanted: Transition,
    goOn: (transition: Transition) => void,
  ): void {
    if (handlers.length === 0) return goOn(wanted);
    void this.flowRun.activity.during(this.#ask(handlers, tryNumber, wanted, goOn));
  }

  async #ask(
    handlers: readonly StateHandler[],
    tryNumber: number,
    wanted: Transition,
    goOn: (transition: Transition) => void,
  ): Promise<void> {
    const { flowRun } = this;
    const o = { now: flowRun.clock.now(), what: this.label() };
    const facts = flowRun.changeFacts(this.identity, tryNumber);
    const transition = await throughHandlers(handlers, facts, this.state, wanted, o);
    if (this.done) return;
    if (flowRun.cancelReason !== null && !isTerminal(transition.state)) this.abandon(flowRun.cancelReason);
    else goOn(transition);
  }

  /** Ends in a state that did not succeed. `error` is what those who await it get. */
  protected endWith(state: StateName, error: unknown): void {
    this.error = error;
    this.move(state, { failure: failureOf(error) });
    this.end();
  }

  protected end(): void {
    this.flowRun.live.delete(this);
    this.body.live.delete(this);
    if (this.hasFailed() && !this.#heard) this.body.unheard.add(this);
    this.settle();
    this.body.ended();
  }

  /** Whether it fails a flow that does not look after it. */
  protected hasFailed(): boolean {
    return isFailed(this.state);
  }

  hear(): void {
    if (this.#heard) return;
    this.#heard = true;
    this.body.unheard.delete(this);
  }

  verdict(): Verdict {
    if (this.state === "Skipped") return "skipped";
    if (!isSuccessful(this.state)) return "unsuccessful";
    return this.error === undefined ? "ok" : "unreadable";
  }

  label(): string {
    const { task, number, mapIndex } = this.identity;
    return `the task ${JSON.stringify(task)} (task run ${number}${mapIndex === undefined ? "" : `, index ${mapIndex}`})`;
  }

  upstreamStates(into: UpstreamState[]): void {
    const { task, number, mapIndex } = this.identity;
    into.push({ task, number, state: this.state, ...(mapIndex === undefined ? {} : { mapIndex }) });
  }
}
