import type { BoundaryRequest, RunEvent } from "@weir/protocol";
import type { Answers, Questions } from "@weir/protocol/ipc";
import type { Store } from "@weir/results";
import type { FlowRunFacts } from "../context/flow-run-facts.ts";
import { type Frame, frames } from "../context/frame.ts";
import type { Executor } from "../executors/executor.ts";
import type { FlowDefinition } from "../flow/definition.ts";
import { recordOf } from "../flow/parameters.ts";
import type { KvQuestion } from "../kv/memory-kv.ts";
import type { Signal } from "../signals.ts";
import { askKv } from "./ask-kv.ts";
import { readInputs, resolveInput } from "./call-inputs.ts";
import { Calls, type TaskCall } from "./calls.ts";
import { Cleanups } from "./cleanups.ts";
import { type BodyEnd, flowEnd, type FlowEnd } from "./flow-end.ts";
import type { FlowRun } from "./flow-run.ts";
import { MappedNode } from "./mapped-node.ts";
import { RunHandle } from "./run-handle.ts";
import type { RunNode } from "./run-node.ts";
import { SubflowNode } from "./subflow-node.ts";
import { TaskNode } from "./task-node.ts";
import type { TaskCode } from "./task-try.ts";

/** Which flow's function it is. */
export interface BodySetup {
  readonly flowRun: FlowRun;
  readonly flow: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly store: Store | null;
  /** Where tries of its tasks run, unless a task says otherwise. Null: here. */
  readonly executor: Executor | null;
  /** Number of the subflow run that it belongs to; undefined: it is the flow run's own. */
  readonly parent: number | undefined;
  /** Names of the tasks whose runs decide how it ends; null: what it returns, or all of them. */
  readonly references: ReadonlySet<string> | null;
}

/** The function of a flow or of a subflow while it runs: where tasks can be called, and the frame in which it runs. */
export class Body implements Frame, FlowRunFacts {
  readonly flowRun: FlowRun;
  readonly flow: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly store: Store | null;
  readonly executor: Executor | null;
  readonly tryNumber = 1;
  madeSignal: Signal | null = null;
  /** Its task runs that have not ended. */
  readonly live = new Set<RunNode>();
  /** Those that failed and that nobody looks after. */
  readonly unheard = new Set<RunNode>();
  readonly #calls: Calls;
  readonly #references: ReadonlySet<string> | null;
  readonly #referenced: RunNode[] = [];
  readonly #cleanups: Cleanups;
  #idle: (() => void) | null = null;
  #over = false;

  constructor({ flowRun, flow, parameters, store, executor, parent, references }: BodySetup) {
    this.flowRun = flowRun;
    this.flow = flow;
    this.parameters = parameters;
    this.store = store;
    this.executor = executor;
    this.#calls = new Calls(flowRun, parent);
    this.#references = references;
    this.#cleanups = new Cleanups(this);
  }

  get facts(): FlowRunFacts {
    return this;
  }

  get flowRunId(): string {
    return this.flowRun.setup.runId;
  }

  get attempt(): number {
    return this.flowRun.setup.attempt;
  }

  get scheduledStartTime(): Date {
    return this.flowRun.scheduledStartTime;
  }

  get signal(): AbortSignal {
    return this.flowRun.signal;
  }

  /** Whether its function has returned: what is not over then are its task runs. */
  functionOver = false;

  emit(event: RunEvent): void {
    this.flowRun.emit(event);
  }

  redact(values: readonly string[]): void {
    this.flowRun.redact(values);
  }

  tighten(request: BoundaryRequest): void {
    this.flowRun.tighten(request);
  }

  askKv<K extends KvQuestion>(kind: K, question: Questions[K]): Promise<Answers[K]> {
    return askKv(this.flowRun, kind, question);
  }

  /** @throws Error when the flow has ended, or when the key was used before. */
  call(call: TaskCall): TaskNode {
    const { identity, inputs, known } = this.#prepare(call);
    if (known?.state === "Mapped") this.#tellOtherKind(call, "mapped", "called once");
    return this.#begun(new TaskNode(this, identity, call.code, inputs, known));
  }

  /** @throws Error when the flow has ended, or when the key was used before. */
  map(call: TaskCall): MappedNode {
    const { identity, inputs, known } = this.#prepare(call);
    if (known !== null && known.tryNumber > 0) this.#tellOtherKind(call, "called once", "mapped");
    return this.#begun(new MappedNode(this, identity, call.code, inputs, known));
  }

  /** A flow that is called by this one: a task run of this one's, with task runs of its own. */
  subflow(definition: FlowDefinition, parameters: unknown, code: TaskCode): SubflowNode {
    const values = Object.values(recordOf(parameters));
    const call = { task: definition.name, code, values, after: [], key: undefined, runName: undefined };
    const { identity, known } = this.#prepare(call);
    const makeBody = (setup: BodySetup) => new Body(setup);
    return this.#begun(new SubflowNode(this, identity, { definition, parameters, code, makeBody }, known));
  }

  /** What is set up for this run, and cleaned up when its function and all its task runs are over. */
  resource(call: TaskCall, cleanup: TaskCall): TaskNode {
    const node = this.call(call);
    this.#cleanups.add(node, cleanup);
    return node;
  }

  #tellOtherKind({ task }: TaskCall, before: string, now: string): void {
    const text = `The task ${JSON.stringify(task)} was ${before} in an earlier attempt and is ${now} in this one: the flow's code has changed. It begins again.`;
    this.flowRun.log("warn", text);
  }

  #prepare(call: TaskCall) {
    if (!this.#over) return this.#calls.prepare(call);
    throw new Error(
      `The task ${JSON.stringify(call.task)} was called after the flow ${JSON.stringify(this.flow)} had ended. Await what the flow starts.`,
    );
  }

  #begun<N extends TaskNode | MappedNode | SubflowNode>(node: N): N {
    if (this.#references?.has(node.identity.task) === true) {
      this.#referenced.push(node);
      node.hear();
    }
    node.begin();
    return node;
  }

  /** A task run has ended. */
  ended(): void {
    if (this.live.size === 0) this.#idle?.();
  }

  /** Runs the function, waits until all its task runs have ended, cleans up, and decides how it ends. Never throws. */
  async run(fn: () => unknown): Promise<FlowEnd> {
    const end = await this.#runFunction(fn);
    this.functionOver = true;
    if (this.live.size > 0) this.flowRun.activity.look();
    await this.#allEnded();
    await this.#cleanups.run();
    await this.#allEnded();
    this.#over = true;
    if (this.flowRun.cancelReason !== null) return { state: "Cancelled", error: this.flowRun.cancelReason };
    const decided = flowEnd(end, [...this.unheard], this.#references === null ? null : this.#referenced);
    return decided.state === "Success" ? { ...decided, value: resolveInput(decided.value, true) } : decided;
  }

  async #runFunction(fn: () => unknown): Promise<BodyEnd> {
    try {
      const returned = frames.run(this, fn);
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
}
