export type GateProblem = "TOO_LARGE" | "INVALID" | "LEDGER_FAILED";

/**
 * The gate let a message not pass; nothing of it was sent. TOO_LARGE and INVALID are final for this message;
 * LEDGER_FAILED (a full disk, say) may pass, since nothing leaves unrecorded.
 */
export class GateError extends Error {
  override readonly name = "GateError";
  readonly code: GateProblem;

  constructor(code: GateProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
