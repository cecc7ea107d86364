import type { RefusalCode } from "@weir/protocol";

/** The cloud said no, or could not be reached. The sentence is for people; `code` decides what the page does. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: RefusalCode | "UNREACHABLE";
  readonly retryAfterSeconds: number | null;

  constructor(code: RefusalCode | "UNREACHABLE", message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the same question may be answered a little later. */
  get isPassing(): boolean {
    return ["UNREACHABLE", "DATABASE_UNAVAILABLE", "OVERLOADED", "RATE_LIMITED"].includes(this.code);
  }
}

/** What to tell of anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
