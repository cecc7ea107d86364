import {
  EVENT_MESSAGES,
  GRAPHQL_VARIABLES,
  type GraphqlRequest,
  jsonProblem,
  LIMITS,
  type OutgoingMessage,
  RUN_DOOR,
  type RunDoorMessage,
} from "@weir/protocol";
import type { Static, TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { GateError } from "./gate-error.ts";
import { planOf, type Work } from "./plan.ts";

/** What a message carries before it has passed. */
export type BodyOf<M extends OutgoingMessage> = M extends RunDoorMessage
  ? Static<(typeof RUN_DOOR)[M]["request"]>
  : GraphqlRequest;

/** Everything the gate knows about one kind of message. */
export interface Outgoing {
  /** As sentences and the ledger name it: `report`, `CreateFlowRun`. */
  readonly name: string;
  readonly work: Work | null;
  readonly check: Validator;
  readonly maxBytes: number;
}

/** A message other than a report or a registration: a claim that names 10,000 held runs has 400 KB. */
const DEFAULT_BYTES = 1024 * 1024;

const MAX_BYTES: Readonly<Record<string, number>> = {
  report: LIMITS.reportBytes,
  RegisterFlow: LIMITS.registrationBytes,
  // Room for labels and names beside the parameters, which have a limit of their own.
  CreateFlowRun: LIMITS.parametersBytes + 64 * 1024,
  start: LIMITS.parametersBytes + 64 * 1024,
};

const known = new Map<string, Outgoing>();

function outgoing(name: string, schema: TSchema): Outgoing {
  const before = known.get(name);
  if (before) return before;
  const made = { name, work: planOf(schema), check: Compile(schema), maxBytes: MAX_BYTES[name] ?? DEFAULT_BYTES };
  known.set(name, made);
  return made;
}

/** A message of the run door. */
export function runDoorMessage(message: RunDoorMessage): Outgoing {
  return outgoing(message, RUN_DOOR[message].request);
}

/**
 * A GraphQL operation, by its name.
 * @throws GateError INVALID for one that is not listed in `protocol`, and for a document with values written into its text
 */
export function graphqlOperation(request: GraphqlRequest): Outgoing {
  const { operationName, query } = request;
  if (!Object.hasOwn(GRAPHQL_VARIABLES, operationName)) {
    const message = `The GraphQL operation "${operationName}" is not listed in GRAPHQL_VARIABLES, so the gate cannot know which data it carries. It was not sent.`;
    throw new GateError("INVALID", message);
  }
  if (query.includes('"')) {
    const message = `The document of the GraphQL operation "${operationName}" holds a text in quotes. Values belong into its variables, where the gate sees them. It was not sent.`;
    throw new GateError("INVALID", message);
  }
  return outgoing(operationName, GRAPHQL_VARIABLES[operationName]);
}

const events = Object.fromEntries(
  Object.entries(EVENT_MESSAGES).map(([kind, schema]) => [kind, Compile(schema as TSchema)]),
);

/** Names the first field that does not fit, never its value. */
function misfit(check: Validator, value: unknown, where: string): string {
  const first = check.Errors(value)[0];
  return `${where}${first?.instancePath ?? ""} ${first?.message ?? "does not fit its schema"}`;
}

/** The same for a report: the schema of the union of all events would only say that none fits. */
function misfitOfReport(outgoing: Outgoing, body: unknown): string {
  const list = (body as { events?: unknown } | null)?.events;
  for (const [index, event] of (Array.isArray(list) ? list : []).entries()) {
    const kind = String((event as { kind?: unknown } | null)?.kind);
    const check = events[kind];
    if (!check) return `events[${index}] is of an unknown kind`;
    if (!check.Check(event)) return misfit(check, event, `events[${index}]`);
  }
  return misfit(outgoing.check, body, "body");
}

/** @throws GateError INVALID when the message is not of its schema */
export function checkSchema(outgoing: Outgoing, body: unknown): void {
  if (outgoing.check.Check(body)) return;
  const reason =
    outgoing.name === "report" ? misfitOfReport(outgoing, body) : misfit(outgoing.check, body, "variables");
  throw new GateError("INVALID", `"${outgoing.name}" does not fit its schema: ${reason}. It was not sent.`);
}

/** @throws GateError when the parameters of a new run are too large or cannot be carried as JSON */
export function checkParameters(name: string, body: unknown): void {
  const parameters = parametersOf(name, body);
  if (parameters === undefined) return;
  const problem = jsonProblem(parameters, "the value of `parameters`");
  if (problem !== null) throw new GateError("INVALID", `The run was not created: ${problem}.`);
  const bytes = Buffer.byteLength(JSON.stringify(parameters));
  if (bytes <= LIMITS.parametersBytes) return;
  const message = `The run was not created: its parameters have ${bytes} bytes, and ${LIMITS.parametersBytes} are allowed. Put the data into your storage and pass where it lies.`;
  throw new GateError("TOO_LARGE", message);
}

function parametersOf(name: string, body: unknown): unknown {
  if (name === "start") return (body as { parameters?: unknown }).parameters;
  return name === "CreateFlowRun" ? (body as { input: { parameters?: unknown } }).input.parameters : undefined;
}

/** @throws GateError TOO_LARGE when the text that would be sent is over the limit of its message */
export function checkSize(outgoing: Outgoing, body: string): number {
  const bytes = Buffer.byteLength(body);
  if (bytes <= outgoing.maxBytes) return bytes;
  const message = `"${outgoing.name}" has ${bytes} bytes, and ${outgoing.maxBytes} are allowed. It was not sent, and sending it again would not help.`;
  throw new GateError("TOO_LARGE", message);
}
