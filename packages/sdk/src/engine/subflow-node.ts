import type { KnownTaskRun } from "@weir/protocol";
import type { Where } from "@weir/results";
import type { RunCancelledError } from "../errors.ts";
import { failureOf, messageText } from "../failure-of.ts";
import type { FlowDefinition } from "../flow/definition.ts";
import { checkParameters, recordOf } from "../flow/parameters.ts";
import { Body } from "./body.ts";
import { FORGOTTEN } from "./call-inputs.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { FlowEnd } from "./flow-end.ts";
import type { TaskCode } from "./task-try.ts";
import { throughHandlers, type Transition } from "./transition.ts";
import { ValueNode } from "./value-node.ts";

/** The flow that is called, and with what. */
export interface Subflow {
  readonly definition: FlowDefinition;
  readonly parameters: unknown;
  readonly code: TaskCode;
}

/**
 * A flow called inside a flow: one task run of the flow that called it, whose function calls task runs of its own. It shares the process,
 * the lease and the numbers of its flow run: docs/decisions/0006.
 */
export class SubflowNode extends ValueNode {
  readonly #subflow: Subflow;

  constructor(body: Body, identity: TaskRunFacts, subflow: Subflow, known: KnownTaskRun | null) {
    super(body, identity, subflow.code, known);
    this.#subflow = subflow;
  }

  protected declareAndGoOn(): void {
    this.announce();
    if (this.flowRun.cancelReason !== null) return this.abandon(this.flowRun.cancelReason);
    void this.flowRun.activity.during(this.#check());
  }

  async #check(): Promise<void> {
    const { definition, parameters } = this.#subflow;
    const checked = await checkParameters(definition.name, definition.parameters, parameters);
    if (this.done) return;
    if ("error" in checked) return await this.#enter({ state: "ValidationFailed", error: checked.error });
    await this.#enter({ state: "Running", detail: { tryNumber: 1 } });
    // Its own task runs count as going on; its function alone does not.
    if (!this.done) void this.#run(checked.value);
  }

  async #run(parameters: unknown): Promise<void> {
    const { definition } = this.#subflow;
    const { flowRun, identity } = this;
    const store = flowRun.storeOf(definition.store) ?? this.body.store;
    const references = definition.references;
    const setup = {
      flowRun,
      flow: definition.name,
      parameters: recordOf(parameters),
      store,
      parent: identity.number,
      references,
    };
    const body = new Body(setup);
    const end = await body.run(() => definition.body(parameters));
    if (!this.done) await flowRun.activity.during(this.#ended(end));
  }

  async #ended(end: FlowEnd): Promise<void> {
    if (end.state !== "Success") {
      const { state, error, message } = end;
      const told = message === undefined ? {} : { message: messageText(message) };
      return await this.#enter({ state, error, detail: { ...told, failure: failureOf(error) } });
    }
    await this.#enter(await this.result.kept(end.value, this.where()));
  }

  async #enter(wanted: Transition): Promise<void> {
    const { handlers } = this.code.settings;
    const o = { now: this.flowRun.clock.now(), what: this.label() };
    const facts = this.flowRun.changeFacts(this.identity, 1);
    const transition = handlers.length === 0 ? wanted : await throughHandlers(handlers, facts, this.state, wanted, o);
    if (this.done) return;
    const { state, detail, value, error } = transition;
    if (state === "Running") return this.move(state, detail);
    this.error = error;
    this.result.set(value, detail?.location);
    this.move(state, error === undefined ? detail : { failure: failureOf(error), ...detail });
    this.end();
  }

  /** Its task runs are told each on its own; it ends when they have. */
  cancel(reason: RunCancelledError): void {
    if (this.done || this.state === "Cancelling") return;
    if (this.state === "Running") this.move("Cancelling");
    else this.abandon(reason);
  }

  abandon(reason: RunCancelledError): void {
    if (!this.done) this.endWith("Cancelled", reason);
  }

  protected where(): Where {
    return this.result.where(1, FORGOTTEN);
  }

  override label(): string {
    return `the subflow ${JSON.stringify(this.identity.task)} (task run ${this.identity.number})`;
  }
}
