import { ConnectionError, GraphqlError } from "@weir/client";
import { GateError } from "@weir/gate";
import { Refusal, type RefusalCode } from "@weir/protocol";
import { CliError } from "./cli-error.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

const EXIT_OF_REFUSAL = {
  UNAUTHENTICATED: EXIT.auth,
  KEY_EXPIRED: EXIT.auth,
  KEY_REVOKED: EXIT.auth,
  SECOND_FACTOR_REQUIRED: EXIT.auth,
  SESSION_EXPIRED: EXIT.auth,
  FORBIDDEN: EXIT.auth,
  NOT_FOUND: EXIT.notFound,
  OPERATION_UNKNOWN: EXIT.notFound,
  INVALID: EXIT.usage,
  PARAMETERS_INVALID: EXIT.usage,
  TOO_LARGE: EXIT.usage,
  UNSUPPORTED_MEDIA_TYPE: EXIT.usage,
  AGENT_TOO_OLD: EXIT.conflict,
  CONFLICT: EXIT.conflict,
  STALE_ATTEMPT: EXIT.conflict,
  EVENT_GAP: EXIT.conflict,
  NOT_FINISHED: EXIT.conflict,
  QUOTA_EXCEEDED: EXIT.conflict,
  IN_PROGRESS: EXIT.conflict,
  RATE_LIMITED: EXIT.network,
  OVERLOADED: EXIT.network,
  DATABASE_UNAVAILABLE: EXIT.network,
  INTERNAL: EXIT.network,
} as const satisfies Record<RefusalCode, ExitCode>;

/** What is told of an error: to people as the sentence, to programs whole. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
}

/** Turns any error into a sentence and an exit code. Never a stack: that of an error which nobody expected goes with WEIR_DEBUG. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof CliError) return report(error, error.code, error.exitCode);
  if (error instanceof Refusal) return report(error, error.code, EXIT_OF_REFUSAL[error.code]);
  if (error instanceof ConnectionError)
    return report(error, error.code, error.code === "ABORTED" ? EXIT.interrupted : EXIT.network);
  if (error instanceof GateError) return report(error, error.code, EXIT.usage);
  if (error instanceof GraphqlError) return report(error, "GRAPHQL", EXIT.failed);
  const sentence = error instanceof Error ? error.message : String(error);
  const message = `Something that should not happen: ${sentence}. Set WEIR_DEBUG=1 to see where.`;
  return { code: "UNEXPECTED", message, exitCode: EXIT.failed };
}

function report(error: Error, code: string, exitCode: ExitCode): ErrorReport {
  return { code, message: error.message, exitCode };
}
