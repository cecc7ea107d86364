import { Refusal } from "@weir/protocol";
import { ConnectionError, GraphqlError, isTimeout, unreachable } from "./connection-error.ts";

/**
 * The time allowed for one question, joined with the caller's own wish to stop. Not `AbortSignal.any`: with an agent's
 * signal that lives for months it would collect a listener per question.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;
  #late = false;

  constructor(ms: number, caller: AbortSignal | undefined) {
    this.#ms = ms;
    this.#caller = caller;
    this.#timer = setTimeout(() => {
      this.#late = true;
      this.#controller.abort();
    }, ms);
    if (caller?.aborted) this.#controller.abort();
    else caller?.addEventListener("abort", this.#stop, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #stop = (): void => this.#controller.abort();

  /** The answer has begun: from here on it may take as long as it likes. */
  headCame(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#stop);
  }

  /** Says why a question failed: an error of ours as it is, everything else as a ConnectionError. */
  explain(url: string, error: unknown): unknown {
    if (error instanceof ConnectionError || error instanceof Refusal || error instanceof GraphqlError) return error;
    if (this.#late || isTimeout(error)) {
      const message = `${url} did not answer within ${this.#ms / 1000} s. Whether it acted on the message is not known; sending it again is safe.`;
      return new ConnectionError("TIMED_OUT", message, { cause: error });
    }
    if (this.#caller?.aborted)
      return new ConnectionError("ABORTED", `The question to ${url} was given up before an answer came.`, {
        cause: error,
      });
    if (error instanceof RangeError)
      return new ConnectionError("REPLY_TOO_LARGE", `The stream of ${url} was left: ${error.message}.`);
    if (error instanceof SyntaxError)
      return new ConnectionError("NOT_WEIR", `The stream of ${url} carries something that is no JSON.`);
    return unreachable(url, error);
  }
}
