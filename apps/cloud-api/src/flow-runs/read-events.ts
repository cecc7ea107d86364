import { EVENT_MESSAGES, jsonProblem, LIMITS, type RunEvent } from "@weir/protocol";
import { Compile } from "typebox/compile";

/** An event as far as it could be read. A row that cannot be read is set apart alone: the rest of its batch must not suffer. */
export type ReadEvent = RunEvent | { readonly kind: "unreadable"; readonly reason: string };

const CHECKS = {
  flow: Compile(EVENT_MESSAGES.flow),
  "task-run": Compile(EVENT_MESSAGES["task-run"]),
  task: Compile(EVENT_MESSAGES.task),
  result: Compile(EVENT_MESSAGES.result),
  log: Compile(EVENT_MESSAGES.log),
  artifact: Compile(EVENT_MESSAGES.artifact),
} as const;

/** Largest values of the columns: one number beyond them would make Postgres refuse the whole batch. */
const INT4 = 2_147_483_647;
const INT2 = 32_767;

/** Reads one event of a report. */
export function readEvent(value: unknown): ReadEvent {
  const kind = kindOf(value);
  if (kind === null) return { kind: "unreadable", reason: "it is of no known kind" };
  const check = CHECKS[kind];
  if (!check.Check(value)) return { kind: "unreadable", reason: `a ${kind} event ${firstError(check.Errors(value))}` };
  const problem = problemOf(value);
  return problem === null ? value : { kind: "unreadable", reason: `a ${kind} event ${problem}` };
}

function kindOf(value: unknown): keyof typeof CHECKS | null {
  if (typeof value !== "object" || value === null || !("kind" in value)) return null;
  const { kind } = value;
  return typeof kind === "string" && Object.hasOwn(CHECKS, kind) ? (kind as keyof typeof CHECKS) : null;
}

/** What the schema does not say: ranges of columns, depth and size of free JSON. */
function problemOf(event: RunEvent): string | null {
  switch (event.kind) {
    case "task-run":
      return beyond("ordinal", event.ordinal, INT4) ?? beyond("mapIndex", event.mapIndex, INT4);
    case "task":
      return (
        beyond("tryNumber", event.tryNumber, INT2) ??
        beyond("mapCount", event.mapCount, INT4) ??
        beyond("loopCount", event.loopCount, INT4) ??
        causeProblem(event.failure)
      );
    case "flow":
      return causeProblem(event.failure);
    case "artifact":
      return artifactProblem(event.data);
    case "log":
    case "result":
      return null;
  }
}

function beyond(name: string, value: number | undefined, most: number): string | null {
  return value !== undefined && value > most ? `has the ${name} ${value}; the most is ${most}` : null;
}

function causeProblem(failure: { cause?: unknown; errors?: unknown } | undefined): string | null {
  return jsonProblem(failure?.cause, "failure.cause") ?? jsonProblem(failure?.errors, "failure.errors");
}

function artifactProblem(data: unknown): string | null {
  const problem = jsonProblem(data, "data");
  if (problem !== null) return problem;
  const bytes = Buffer.byteLength(JSON.stringify(data) ?? "null");
  return bytes > LIMITS.artifactBytes ? `has ${bytes} bytes of data; the most is ${LIMITS.artifactBytes}` : null;
}

function firstError(errors: readonly { instancePath: string; message: string }[]): string {
  const [error] = errors;
  return error === undefined
    ? "does not fit its schema"
    : `does not fit its schema: ${error.instancePath || "it"} ${error.message}`;
}
