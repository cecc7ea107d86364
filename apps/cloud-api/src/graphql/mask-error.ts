import { REFUSALS, Refusal, type RefusalCode } from "@weir/protocol";
import { GraphQLError } from "graphql";

/** What is told of an error: its code, a sentence, and how HTTP shall say it. */
export interface ToldError {
  readonly code: RefusalCode;
  readonly message: string;
  /** Ours to mend: it goes into the log with the reference that the client was told. */
  readonly unexpected: boolean;
}

function isRefusalCode(code: unknown): code is RefusalCode {
  return typeof code === "string" && Object.hasOwn(REFUSALS, code);
}

/** Down to what was thrown first: graphql wraps, and so do Prisma and its adapter. */
function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let at = error; typeof at === "object" && at !== null && found.length < 8;) {
    found.push(at);
    const { originalError, cause } = at as { originalError?: unknown; cause?: unknown };
    at = originalError ?? cause;
  }
  return found;
}

const NUL_OR_SURROGATE = new Set(["22021", "22P05"]);
const DATABASE_GONE =
  /^(08...|57P0.|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|ENOENT|P1001|P1002|P1008|P1017|P2024)$/;

function codesOf(cause: unknown): string[] {
  const { code, originalCode, kind } = cause as { code?: unknown; originalCode?: unknown; kind?: unknown };
  return [code, originalCode, kind].filter((one) => typeof one === "string");
}

function databaseProblem(found: readonly unknown[]): ToldError | null {
  const codes = found.flatMap(codesOf);
  if (codes.some((code) => NUL_OR_SURROGATE.has(code)))
    return {
      code: "INVALID",
      message: "A text holds a NUL character, which cannot be stored or looked for; leave it out.",
      unexpected: false,
    };
  if (codes.some((code) => DATABASE_GONE.test(code)))
    return {
      code: "DATABASE_UNAVAILABLE",
      message: "The cloud cannot reach its database just now; try again in a second.",
      unexpected: false,
    };
  return null;
}

/** What may be told of an error. Everything that is neither a refusal nor GraphQL's own complaint about the request is hidden. */
export function toldError(error: unknown, reference: string): ToldError {
  const found = causes(error);
  const refusal = found.find((cause) => cause instanceof Refusal);
  if (refusal !== undefined) return { code: refusal.code, message: refusal.message, unexpected: false };
  const problem = databaseProblem(found);
  if (problem !== null) return problem;
  const first = found.at(-1);
  if (first instanceof GraphQLError) {
    const { code } = first.extensions;
    return { code: isRefusalCode(code) ? code : "INVALID", message: first.message, unexpected: false };
  }
  return {
    code: "INTERNAL",
    message: `The cloud failed at this; its log has the reason under ${reference}. Try again, and tell whoever runs it when it stays.`,
    unexpected: true,
  };
}

/** The error that a client gets: path and place of the original, a stable `extensions.code`, never a stack or a cause. */
export function maskedError(error: unknown, told: ToldError): GraphQLError {
  const original = error instanceof GraphQLError ? error : null;
  const http = original?.extensions.http ?? httpOf(told.code);
  return new GraphQLError(told.message, {
    nodes: original?.nodes ?? null,
    source: original?.source ?? null,
    positions: original?.positions ?? null,
    path: original?.path ?? null,
    extensions: { code: told.code, ...(http === undefined ? {} : { http }) },
  });
}

/** A proxy or a load balancer shall see that the cloud is in trouble; all else is an answer. */
function httpOf(code: RefusalCode) {
  const { status, retryable } = REFUSALS[code];
  return retryable ? { status, headers: { "retry-after": "1" } } : undefined;
}
