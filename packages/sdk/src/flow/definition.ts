import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Store } from "@weir/results";

/** A flow, as the engine reads it. */
export interface FlowDefinition {
  readonly name: string;
  readonly description: string | undefined;
  readonly labels: readonly string[];
  readonly parameters: StandardSchemaV1 | undefined;
  readonly store: Store | null;
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
