import type { RefusalCode } from "@weir/protocol";

/** The cloud said no to what a flow asked of it. The message is the cloud's own sentence. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  /** `NOT_FOUND`, `PARAMETERS_INVALID`, `TOO_LARGE`, … */
  readonly refusal: RefusalCode;

  constructor(refusal: RefusalCode, message: string) {
    super(message);
    this.refusal = refusal;
  }
}
