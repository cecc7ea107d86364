import type { StandardSchemaV1 } from "@standard-schema/spec";
import { frames } from "../context/frame.ts";
import { Body as FlowBody } from "../engine/body.ts";
import { WeirError } from "../errors.ts";
import { failureOf, messageText } from "../failure-of.ts";
import { checkedLabels, checkedName } from "../names.ts";
import { checkedBoundary } from "./checked-boundary.ts";
import { type FlowDefinition, rememberFlow } from "./definition.ts";
import type { Flow, FlowOptions, FlowOptionsWithParameters, FlowResult, FlowValue } from "./flow-types.ts";
import { flowCode } from "./flow-code.ts";
import { aloneRun } from "../task/alone.ts";
import { handlersOf } from "../task/handlers-of.ts";
import { namedSchedules } from "../schedules/named-schedules.ts";

type Body<P, R> = (parameters: P) => R;

// Loaded when needed: a run for an agent needs neither the sink in memory nor ids.
async function inMemory(definition: FlowDefinition, parameters: unknown) {
  const { runInMemory } = await import("./run-in-memory.ts");
  return await runInMemory(definition, parameters);
}

async function alone(definition: FlowDefinition, parameters: unknown): Promise<unknown> {
  const { end } = await inMemory(definition, parameters);
  if ("rest" in end) throw paused(definition.name);
  if (end.state === "Success") return end.value;
  throw end.error;
}

function paused(flow: string): WeirError {
  const message = `The flow ${JSON.stringify(flow)} waits for a person to approve a task run. Only a run that an agent has claimed can wait: register the flow, or approve in a test by @weir/sdk/testing.`;
  return new WeirError("NEEDS_CLOUD", message);
}

/** What a flow asks of the gate holds wherever its code runs: the lines that it prints are the run's. */
function askGate({ boundary }: FlowDefinition): void {
  if (boundary !== undefined) frames.getStore()?.facts.tighten?.(boundary);
}

function call(definition: FlowDefinition, parameters: unknown): unknown {
  const frame = frames.getStore();
  askGate(definition);
  if (frame instanceof FlowBody) return frame.subflow(definition, parameters, flowCode(definition));
  return aloneRun(alone(definition, parameters));
}

async function tell(definition: FlowDefinition, parameters: unknown): Promise<FlowResult<unknown>> {
  askGate(definition);
  const { end, taskRuns } = await inMemory(definition, parameters);
  if ("rest" in end) return { state: "Paused", failure: failureOf(paused(definition.name)), taskRuns };
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
  const { description, referenceTasks, labels = [], parameters, result = null, schedules = [] } = options;
  const definition: FlowDefinition = {
    name: checkedName("flow", name),
    description: description === undefined ? undefined : messageText(description),
    labels: checkedLabels("label", labels),
    parameters,
    store: result,
    executor: options.executor ?? null,
    handlers: handlersOf(options),
    references: referenceTasks === undefined ? null : new Set(referenceTasks.map(({ taskName }) => taskName)),
    onLeaseLost: options.onLeaseLost,
    schedules: namedSchedules(name, schedules),
    boundary: checkedBoundary(name, options.boundary),
    body: body as Body<unknown, unknown>,
  };
  const made = Object.assign((given?: unknown) => call(definition, given), {
    run: (given?: unknown) => tell(definition, given),
    flowName: name,
  });
  rememberFlow(made, definition);
  return made as unknown as Flow<unknown, unknown>;
}
