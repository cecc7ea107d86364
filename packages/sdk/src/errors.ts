import type { FailureCode } from "@weir/protocol/failure";

/**
 * An error that Weir itself makes. `code` says which.
 * @example
 * try { await report(); } catch (error) { if (error instanceof WeirError && error.code === "UPSTREAM_FAILED") notify(); }
 */
export class WeirError extends Error {
  override readonly name: string = "WeirError";
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * A try of a task took longer than its `timeout`. Name it in `retryOn` to have such tries repeated.
 * @example const fetchDay = task("fetch-day", { timeout: "30s", retries: 2, retryOn: [TaskTimeoutError] }, download);
 */
export class TaskTimeoutError extends WeirError {
  override readonly name = "TaskTimeoutError";

  constructor(message: string) {
    super("TASK_TIMED_OUT", message);
  }
}

/**
 * The run was cancelled before this task run could end. What awaits it gets this error; it is also the reason of `run.signal`.
 * @example
 * try { await upload(file); } catch (error) { if (error instanceof RunCancelledError) await removeHalf(file); throw error; }
 */
export class RunCancelledError extends WeirError {
  override readonly name = "RunCancelledError";

  constructor(message: string) {
    super("TASK_CANCELLED", message);
  }
}
