import type { Failure, Json, StateName } from "@weir/protocol";

// Between `weir run --local` and the process that it runs the flow in.

/** What to run. */
export interface LocalOrder {
  readonly file: string;
  /** Null: the only flow of the file. */
  readonly flow: string | null;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** One task run, as the SDK tells of it in memory. */
export interface LocalTaskRun {
  readonly number: number;
  readonly task: string;
  readonly parent?: number;
  readonly mapIndex?: number;
  readonly state: StateName;
  readonly tryNumber: number;
  readonly location?: string;
  readonly message?: string;
  readonly failure?: Failure;
}

/** How it ended. */
export type LocalAnswer =
  | {
      readonly kind: "ran";
      readonly state: StateName;
      readonly value?: unknown;
      readonly failure?: Failure;
      readonly taskRuns: readonly LocalTaskRun[];
    }
  | { readonly kind: "not-loaded"; readonly problem: string }
  | { readonly kind: "ambiguous"; readonly flows: readonly string[] };
