import type { KnownTaskRun } from "@weir/protocol";
import type { Where } from "@weir/results";
import type { RunCancelledError } from "../errors.ts";
import { failureOf, messageText } from "../failure-of.ts";
import type { FlowDefinition } from "../flow/definition.ts";
import { checkParameters, recordOf } from "../flow/parameters.ts";
import type { Body, BodySetup } from "./body.ts";
import { FORGOTTEN } from "./call-inputs.ts";
import type { TaskRunFacts } from "./declare.ts";
import type { FlowEnd } from "./flow-end.ts";
import type { TaskCode } from "./task-try.ts";
import type { Transition } from "./transition.ts";
import { ValueNode } from "./value-node.ts";

/** The flow that is called, and with what. */
export interface Subflow {
  readonly definition: FlowDefinition;
  readonly parameters: unknown;
  readonly code: TaskCode;
  readonly makeBody: (setup: BodySetup) => Body;
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
    if ("error" in checked) return this.#enter({ state: "ValidationFailed", error: checked.error });
    this.asked(this.code.settings.handlers, 1, { state: "Running", detail: { tryNumber: 1 } }, (transition) => {
      if (transition.state !== "Running") return this.#finish(transition);
      this.move("Running", transition.detail);
      // Its own task runs count as going on; its function alone does not.
      void this.#run(checked.value);
    });
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
      executor: definition.executor ?? this.body.executor,
      parent: identity.number,
      references,
    };
    const body = this.#subflow.makeBody(setup);
    const end = await body.run(() => definition.body(parameters));
    if (!this.done) await flowRun.activity.during(this.#ended(end));
  }

  async #ended(end: FlowEnd): Promise<void> {
    if (end.state === "Success") return this.#enter(await this.result.kept(end.value, this.where()));
    const { state, error, message } = end;
    this.#enter({ state, error, detail: message === undefined ? {} : { message: messageText(message) } });
  }

  #enter(wanted: Transition): void {
    if (!this.done) this.asked(this.code.settings.handlers, 1, wanted, (transition) => this.#finish(transition));
  }

  #finish({ state, detail, value, error }: Transition): void {
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
