import { Refusal } from "@weir/protocol";
import type { FastifyError } from "fastify";
import { DatabaseProblem } from "../database/index.ts";

/** Seconds that a client is told to wait while the database is away. */
const AWAY_SECONDS = 2;

/**
 * What a client is told of an error, or null when it is none that a client may know of: those are masked and logged.
 */
export function toRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (isDatabaseAway(error)) {
    return new Refusal(
      "DATABASE_UNAVAILABLE",
      "The cloud cannot reach its database at this moment. Nothing was changed by this request as far as is known; try it again.",
      { retryAfterSeconds: AWAY_SECONDS },
    );
  }
  return ofFastify(error as FastifyError);
}

function ofFastify(error: FastifyError): Refusal | null {
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new Refusal("TOO_LARGE", "The request's body is larger than this message may be.");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
    case "FST_ERR_CTP_EMPTY_TYPE":
      return new Refusal("UNSUPPORTED_MEDIA_TYPE", "The request's body must be application/json.");
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new Refusal("INVALID", "The request's body is empty or was cut off; send it again.");
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new Refusal("NOT_FOUND", "There is no such address.");
    default:
      return null;
  }
}

// 08: connection exceptions · 57P01-03: shut down, crashed, starting · 53300: too many connections · 25006: read-only after a failover
const AWAY_SQLSTATES = /^(08...|57P0[123]|53300|25006)$/;
const AWAY_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  // Prisma's own: cannot reach, timed out, closed the connection, pool timed out.
  "P1001",
  "P1002",
  "P1017",
  "P2024",
]);
// pg gives these no code. The last: the first cloud on this server has not migrated yet.
const AWAY_TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|server closed the connection|role "weir_app" does not exist/;

/** Whether an error says that Postgres cannot be reached, or threw us out: the same request may succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof DatabaseProblem) return at.code === "DATABASE_AWAY";
    const { code } = at as { code?: unknown };
    if (typeof code === "string" && (AWAY_CODES.has(code) || AWAY_SQLSTATES.test(code))) return true;
    if (AWAY_TEXTS.test(at.message)) return true;
    if (at instanceof AggregateError && at.errors.some(isDatabaseAway)) return true;
  }
  return false;
}
