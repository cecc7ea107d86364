import type { Failure } from "@weir/protocol";

/** How a child's process ended, as the system tells it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The process could not even be started. */
  readonly error?: string;
}

const OUT_OF_MEMORY = /heap out of memory|Reached heap limit|Allocation failed - process out of memory/;
/** A line that looks like the message of an uncaught error: `TypeError: x is not a function`. */
const ERROR_LINE = /^(?:Uncaught )?([A-Z]\w*(?:Error|Exception)\b.*)$/m;
/** A shell reports death by signal n as 128 + n; V8's own abort is SIGABRT. */
const ABORT_CODE = 134;

function failure(code: NonNullable<Failure["code"]>, message: string): Failure {
  return { name: "ProcessCrashed", message, code };
}

function lastWords(stderr: string): string {
  const line = ERROR_LINE.exec(stderr)?.[1];
  return line === undefined ? "" : ` Its last words: ${line}`;
}

/**
 * Why a child ended before its flow did.
 * @param stderr the end of what it wrote to stderr
 */
export function crashFailure(exit: Exit, stderr: string): Failure {
  if (exit.error !== undefined)
    return failure("PROCESS_EXITED", `The flow's process could not be started: ${exit.error}.`);
  if (OUT_OF_MEMORY.test(stderr) && (exit.signal !== null || exit.code === ABORT_CODE)) {
    const advice = "Let the flow hold less at once, or give its Node more with --max-old-space-size";
    return failure("OUT_OF_MEMORY", `The flow's process ran out of memory. ${advice}.`);
  }
  if (exit.signal === "SIGKILL") {
    const reason = "Somebody sent it, or the system's out-of-memory killer did";
    return failure("PROCESS_KILLED", `The flow's process was ended by the signal SIGKILL. ${reason}.`);
  }
  if (exit.signal !== null)
    return failure("PROCESS_KILLED", `The flow's process was ended by the signal ${exit.signal}.${lastWords(stderr)}`);
  if (exit.code === 0) {
    const reason = "Something in it called process.exit(), or nothing was left to wait for";
    return failure("PROCESS_EXITED", `The flow's process ended with exit code 0 before the flow was over. ${reason}.`);
  }
  return failure(
    "PROCESS_EXITED",
    `The flow's process ended with exit code ${exit.code} before the flow was over.${lastWords(stderr)}`,
  );
}
