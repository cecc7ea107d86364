import {
  BoundaryRequest,
  EVENT_MESSAGES,
  fields,
  FLOW_RUN_REPORTABLE,
  type FromChild,
  jsonProblem,
  LIMITS,
  type RunEvent,
} from "@weir/protocol";
import Type, { type TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import { QUESTION_KINDS } from "./ipc-questions.ts";
import { IpcError } from "./ipc-reader.ts";
import { misfit } from "./misfit.ts";

const checks: Readonly<Record<FromChild["kind"], Validator>> = {
  ready: Compile(
    Type.Object({ kind: Type.Literal("ready"), sdkVersion: Type.String({ maxLength: LIMITS.nameLength }) }),
  ),
  // Events are checked one by one, by kind: a union of all of them would only say that none fits.
  events: Compile(Type.Object({ kind: Type.Literal("events"), events: Type.Array(Type.Unknown()) })),
  secrets: Compile(Type.Object({ kind: Type.Literal("secrets"), values: Type.Array(Type.String()) })),
  loaded: Compile(
    Type.Object({
      kind: Type.Literal("loaded"),
      onLeaseLost: Type.Optional(Type.Enum(["stop", "continue"])),
      boundary: Type.Optional(BoundaryRequest),
    }),
  ),
  // What it asks is checked when it is answered: a question of the user's own making that cannot be asked is refused, and ends no run.
  ask: Compile(Type.Object({ kind: Type.Literal("ask"), id: fields.ordinal(), ask: Type.Enum(QUESTION_KINDS) })),
  done: Compile(
    Type.Object({
      kind: Type.Literal("done"),
      outcome: Type.Enum(["finished", "waiting", "paused"]),
      stays: Type.Optional(Type.Boolean()),
      dueInMs: Type.Optional(Type.Number({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    }),
  ),
};

const events: Readonly<Record<RunEvent["kind"], Validator>> = {
  flow: Compile<TSchema>(EVENT_MESSAGES.flow),
  "task-run": Compile<TSchema>(EVENT_MESSAGES["task-run"]),
  task: Compile<TSchema>(EVENT_MESSAGES.task),
  result: Compile<TSchema>(EVENT_MESSAGES.result),
  log: Compile<TSchema>(EVENT_MESSAGES.log),
  artifact: Compile<TSchema>(EVENT_MESSAGES.artifact),
};

/** What is wrong with an event beyond its schema: JSON of no schema inside it, a state that is not the flow's to tell. */
function problemOf(event: RunEvent): string | null {
  if (event.kind === "artifact") return jsonProblem(event.data, "data");
  if (event.kind === "flow" && !FLOW_RUN_REPORTABLE.includes(event.state))
    return `the state ${event.state} is not for a flow's process to report`;
  if (event.kind === "flow" || event.kind === "task")
    return jsonProblem(event.failure?.cause, "failure.cause") ?? jsonProblem(event.failure?.errors, "failure.errors");
  return null;
}

function checkEvent(event: unknown, index: number): void {
  const kind = (event as { kind?: unknown } | null)?.kind;
  const check = typeof kind === "string" && Object.hasOwn(events, kind) ? events[kind as RunEvent["kind"]] : undefined;
  if (check === undefined) throw new IpcError(`event ${index} of a batch is of no known kind`);
  if (!check.Check(event)) throw new IpcError(`event ${index} of a batch (${String(kind)}): ${misfit(check, event)}`);
  const problem = problemOf(event as RunEvent);
  if (problem !== null) throw new IpcError(`event ${index} of a batch (${String(kind)}): ${problem}`);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new IpcError("a line is no JSON");
  }
}

/**
 * One line of a child as a message, checked by schema.
 * @throws IpcError naming the first thing that does not fit
 */
export function parseFromChild(line: string): FromChild {
  const message = parse(line);
  const kind = (message as { kind?: unknown } | null)?.kind;
  const check = typeof kind === "string" && Object.hasOwn(checks, kind) ? checks[kind as FromChild["kind"]] : undefined;
  if (check === undefined) throw new IpcError("a message is of no known kind");
  if (!check.Check(message)) throw new IpcError(`a message "${String(kind)}": ${misfit(check, message)}`);
  const known = message as FromChild;
  if (known.kind === "events") for (const [index, event] of known.events.entries()) checkEvent(event, index);
  return known;
}
