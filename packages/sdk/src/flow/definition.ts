import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { BoundaryRequest, ScheduleDefinition } from "@weir/protocol";
import type { Store } from "@weir/results";
import type { Executor } from "../executors/executor.ts";
import type { StateHandler } from "../task/state-handlers.ts";

/** A flow, as the engine reads it. */
export interface FlowDefinition {
  readonly name: string;
  readonly description: string | undefined;
  readonly labels: readonly string[];
  readonly parameters: StandardSchemaV1 | undefined;
  readonly store: Store | null;
  readonly executor: Executor | null;
  readonly handlers: readonly StateHandler[];
  /** Names of the tasks whose runs decide how the flow ends; null: what it returns, or all of them. */
  readonly references: ReadonlySet<string> | null;
  /** What a runner does with a run when the cloud falls silent; undefined: as the agent is set. */
  readonly onLeaseLost: "stop" | "continue" | undefined;
  readonly schedules: readonly ScheduleDefinition[];
  /** What it asks of the gate; undefined: nothing beyond the policy file. */
  readonly boundary: BoundaryRequest | undefined;
  readonly body: (parameters: unknown) => unknown;
}

const definitions = new WeakMap<object, FlowDefinition>();

/** Marks flows of every copy of this package: one of another copy is told, not overlooked. */
const FLOW = Symbol.for("weir.flow");

export function rememberFlow(flow: object, definition: FlowDefinition): void {
  definitions.set(flow, definition);
  Object.defineProperty(flow, FLOW, { value: true });
}

/** The definition of a flow that this copy of the package made. */
export function flowDefinition(value: unknown): FlowDefinition | undefined {
  return typeof value === "function" ? definitions.get(value) : undefined;
}

/** Whether another copy of this package made the flow: neither its tasks nor `run` would find the engine. */
export function isForeignFlow(value: unknown): boolean {
  return typeof value === "function" && FLOW in value && !definitions.has(value);
}
