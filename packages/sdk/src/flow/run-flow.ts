import type { FlowRest } from "../engine/activity.ts";
import type { FlowEnd } from "../engine/flow-end.ts";
import { FlowRun, type FlowRunSetup } from "../engine/flow-run.ts";
import { keepEarlySecrets } from "../secrets/keep-from-leaving.ts";
import type { FlowDefinition } from "./definition.ts";
import { checkParameters, recordOf } from "./parameters.ts";

/** What a run is begun with, besides what the flow itself says. `executor` is the one that the agent wants. */
export type RunSetup = Omit<FlowRunSetup, "flow" | "parameters" | "handlers" | "references" | Defaulted> &
  Partial<Pick<FlowRunSetup, Defaulted>>;

/** Without a cloud there is no lease that could be given back. */
type Defaulted = "cloud" | "executor" | "mayWait";

/**
 * Checks the parameters, then runs the flow. `begun` gets the run before any code of the user's runs, to cancel it by. A run that can only
 * wait for long gives its rest in the place of its end. Never throws for what the user's code does.
 */
export async function runFlow(
  definition: FlowDefinition,
  setup: RunSetup,
  parameters: unknown,
  begun: (run: FlowRun) => void = () => undefined,
): Promise<FlowEnd | FlowRest> {
  const { name, body, handlers, references } = definition;
  keepEarlySecrets(setup.sink);
  const checked = await checkParameters(name, definition.parameters, parameters);
  const value = "value" in checked ? checked.value : {};
  const { cloud = null, mayWait = cloud !== null, standIns } = setup;
  const own = definition.store;
  const store = (own === null ? null : (standIns?.store(own) ?? own)) ?? setup.store;
  const executor = definition.executor ?? setup.executor ?? null;
  const facts = { flow: name, parameters: recordOf(value), handlers, references };
  const run = new FlowRun({ ...setup, ...facts, cloud, mayWait, store, executor });
  begun(run);
  if ("error" in checked) return await run.refuse({ state: "ValidationFailed", error: checked.error });
  const end = await run.execute(() => body(value));
  await run.closeExecutors();
  return end;
}
