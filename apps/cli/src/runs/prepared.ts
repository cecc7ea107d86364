import { decide } from "@weir/gate";
import type { BoundaryClasses, BoundaryRequest, FlowRegistration, Json } from "@weir/protocol";
import type { Cloud } from "../connection/cloud.ts";
import { ownPolicy } from "../connection/own-boundary.ts";
import { checkedParameters, type ParameterFacts } from "../flows/sealed-parameters.ts";
import type { Io } from "../io.ts";

/** A run that somebody is about to start. */
export interface Intended {
  readonly project: string;
  readonly flow: string;
  readonly parameters: Readonly<Record<string, Json>>;
  /** What is asked of the gate for this run. */
  readonly boundary: BoundaryRequest | undefined;
}

/**
 * What is to be handed to the gate for a new run. Where policy file, flow or starter have parameters sealed, they are checked here, since
 * the cloud cannot.
 * @param registration of the flow, where it stands in a file at hand
 * @throws CliError when they do not fit the flow's schema
 */
export async function preparedRun(
  io: Io,
  cloud: Cloud,
  intended: Intended,
  registration: FlowRegistration | undefined,
): Promise<Pick<Intended, "parameters" | "boundary">> {
  const { project, flow, parameters, boundary } = intended;
  const facts = registration === undefined ? await factsOfCloud(cloud, intended) : factsOfFile(registration);
  const requests = [facts.boundary, boundary];
  const action = decide(await ownPolicy(io), "parameter", { project, flow }, requests);
  if (action === "send") return { parameters, boundary };
  // The gate sees the run's own request, not the flow's: what the flow asks of its parameters is asked of this run too.
  const asked = { ...boundary, parameter: action as "seal" | "drop" };
  return { parameters: action === "seal" ? checkedParameters(flow, parameters, facts) : parameters, boundary: asked };
}

interface FlowFacts extends ParameterFacts {
  readonly boundary: BoundaryClasses | undefined;
}

function factsOfFile({ parameterSchema, parameterDefaults, boundary }: FlowRegistration): FlowFacts {
  return { schema: parameterSchema, defaults: parameterDefaults, boundary, own: true };
}

/** A cloud that lies about the flow's request can make it no milder than policy file and starter do. */
async function factsOfCloud(cloud: Cloud, { project, flow }: Intended): Promise<FlowFacts> {
  const version = (await cloud.ask("Flow", { project, name: flow })).flow?.currentVersion;
  const { parameterSchema: schema, parameterDefaults, boundary } = version ?? {};
  const defaults = await cloud.reader.open([], parameterDefaults ?? null);
  return { schema, defaults, boundary: (boundary ?? undefined) as BoundaryClasses | undefined, own: false };
}
