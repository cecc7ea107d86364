import type { ExitCode } from "./exit-codes.ts";

/** Why a command cannot do what it was asked. The message is a sentence: what, to what, why, what to do next. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: ExitCode;
  /** For programs that read --json. */
  readonly code: string;

  constructor(exitCode: ExitCode, code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.exitCode = exitCode;
    this.code = code;
  }
}
