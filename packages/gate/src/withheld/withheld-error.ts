import type { Failure } from "@weir/protocol";

/** An error of which only an id has left: what an agent's own log keeps of it. */
export interface WithheldError {
  /** `err_` and 16 hex digits. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly run: string;
  /** Number of the task run; absent: the flow's own. */
  readonly number?: number;
  /** State that it came with. */
  readonly state: string;
  readonly message?: string;
  readonly failure?: Failure;
}
