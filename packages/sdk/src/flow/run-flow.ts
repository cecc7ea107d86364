import { FlowRun, type FlowRunSetup } from "../engine/flow-run.ts";
import type { FlowEnd } from "../engine/flow-end.ts";
import type { FlowDefinition } from "./definition.ts";
import { checkParameters } from "./parameters.ts";

/** What a run is begun with, besides what the flow itself says. */
export type RunSetup = Omit<FlowRunSetup, "flow" | "parameters">;

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * Checks the parameters, then runs the flow. `begun` gets the run before any code of the user's runs, to cancel it by.
 * Never throws for what the user's code does.
 */
export async function runFlow(
  definition: FlowDefinition,
  setup: RunSetup,
  parameters: unknown,
  begun: (run: FlowRun) => void = () => undefined,
): Promise<FlowEnd> {
  const { name, store, body } = definition;
  const checked = await checkParameters(name, definition.parameters, parameters);
  const value = "value" in checked ? checked.value : {};
  const run = new FlowRun({ ...setup, store: store ?? setup.store, flow: name, parameters: asRecord(value) });
  begun(run);
  if ("error" in checked) return run.refuse({ state: "ValidationFailed", error: checked.error });
  return await run.execute(() => body(value));
}
