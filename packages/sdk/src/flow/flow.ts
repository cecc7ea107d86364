import type { StandardSchemaV1 } from "@standard-schema/spec";
import { frames } from "../context/frame.ts";
import { FlowRun } from "../engine/flow-run.ts";
import { failureOf, messageText } from "../failure-of.ts";
import { checkedLabels, checkedName } from "../names.ts";
import { type FlowDefinition, rememberFlow } from "./definition.ts";
import type { Flow, FlowOptions, FlowOptionsWithParameters, FlowResult, FlowValue } from "./flow-types.ts";
import { checkParameters } from "./parameters.ts";

type Body<P, R> = (parameters: P) => R;

/** Inside another flow: its tasks are that flow's, so they are seen, checkpointed, cancelled and restarted with it. */
async function inline(definition: FlowDefinition, parameters: unknown): Promise<unknown> {
  const checked = await checkParameters(definition.name, definition.parameters, parameters);
  if ("error" in checked) throw checked.error;
  return await definition.body(checked.value);
}

// Loaded when needed: a run for an agent needs neither the sink in memory nor ids.
async function inMemory(definition: FlowDefinition, parameters: unknown) {
  const { runInMemory } = await import("./run-in-memory.ts");
  return await runInMemory(definition, parameters);
}

async function call(definition: FlowDefinition, parameters: unknown): Promise<unknown> {
  if (frames.getStore() instanceof FlowRun) return await inline(definition, parameters);
  const { end } = await inMemory(definition, parameters);
  if (end.state === "Success") return end.value;
  throw end.error;
}

async function tell(definition: FlowDefinition, parameters: unknown): Promise<FlowResult<unknown>> {
  const { end, taskRuns } = await inMemory(definition, parameters);
  if (end.state === "Success") return { state: end.state, value: end.value, taskRuns };
  return { state: end.state, failure: failureOf(end.error), taskRuns };
}

/**
 * Makes a flow of a function. The function calls tasks; what it returns is the flow's value.
 * @throws TypeError naming what makes no sense.
 * @example
 * export default flow("nightly-report", { parameters: z.object({ day: z.string() }) }, async ({ day }) => {
 *   const orders = await fetchOrders(day);
 *   return summarize(orders);
 * });
 */
export function flow<P, R>(name: string, body: Body<P, R>): Flow<P, FlowValue<Awaited<R>>>;
export function flow<S extends StandardSchemaV1, R>(
  name: string,
  options: FlowOptionsWithParameters<S>,
  body: Body<StandardSchemaV1.InferOutput<S>, R>,
): Flow<StandardSchemaV1.InferInput<S>, FlowValue<Awaited<R>>>;
export function flow<P, R>(name: string, options: FlowOptions, body: Body<P, R>): Flow<P, FlowValue<Awaited<R>>>;
export function flow(
  name: string,
  ...rest: [Body<never, unknown>] | [FlowOptions & { parameters?: StandardSchemaV1 }, Body<never, unknown>]
): Flow<unknown, unknown> {
  const [options, body] = rest.length === 1 ? [{} as FlowOptions & { parameters?: StandardSchemaV1 }, rest[0]] : rest;
  if (typeof body !== "function")
    throw new TypeError(`The flow ${JSON.stringify(name)} has no function: flow(name, options?, fn).`);
  const { description, labels = [], parameters, result = null } = options;
  const definition: FlowDefinition = {
    name: checkedName("flow", name),
    description: description === undefined ? undefined : messageText(description),
    labels: checkedLabels("label", labels),
    parameters,
    store: result,
    body: body as Body<unknown, unknown>,
  };
  const made = Object.assign((given?: unknown) => call(definition, given), {
    run: (given?: unknown) => tell(definition, given),
    flowName: name,
  });
  rememberFlow(made, definition);
  return made;
}
