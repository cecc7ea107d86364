import type { FlowRunFilter } from "../generated/operations.ts";

/** Runs that are meant together, and how many the person was told they are. */
export interface Choice {
  readonly ids?: readonly string[];
  readonly filter?: FlowRunFilter;
  readonly expectedCount: number;
}
