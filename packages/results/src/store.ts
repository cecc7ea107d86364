import type { FailureCode } from "@weir/protocol/failure";

/** Which result is written: enough to give every try of every task run a location of its own. */
export interface Where {
  readonly runId: string;
  readonly flow: string;
  readonly task: string;
  /** Number of the task run within its flow run: the same in every attempt. */
  readonly taskRunNumber: number;
  /** The flow run's attempt: a runner that was fenced never writes where its successor writes. */
  readonly attempt: number;
  /** Which try of the task, from 1. */
  readonly tryNumber: number;
  /** Index of a mapped child. */
  readonly mapIndex?: number | undefined;
  /** With the value of a turn of a looping task: which turn, from 1. */
  readonly turn?: number | undefined;
  /** Template of the location, where the task has one of its own (`target`); it goes before the store's. */
  readonly template?: string | undefined;
  /** For templates: when the run was meant to begin, milliseconds since 1970; the run's parameters; the task's inputs. */
  readonly scheduledStartTime?: number | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly inputs?: readonly unknown[] | undefined;
}

/** What was written: whole, and readable from now on. */
export interface Written {
  /** Says where. Only this may cross the line, never the value. */
  readonly location: string;
  readonly bytes: number;
  /** SHA-256 (hex) of the stored bytes, of what was read back and not of what was meant. */
  readonly sha256: string;
}

/**
 * A place of the user's own where results are written. Implement it to bring your own.
 *
 * `write` is whole or absent: whoever reads the location finds the complete value or nothing. `read` gives back an equal value.
 * @example
 * const store: Store = localStore({ directory: "/var/lib/results" });
 * const { location } = await store.write(rows, where);
 * await store.read(location); // an equal list of rows
 */
export interface Store {
  /** Short name of the kind of store, for messages: `local`, `s3`, `encrypted(local)`. */
  readonly kind: string;
  /** Template of its locations, where it has one: checked against the flow's parameters when a flow is registered. */
  readonly template?: string;
  /** @throws StoreError `RESULT_NOT_SERIALIZABLE`, `RESULT_WRITE_FAILED`, `STORAGE_FULL`, or `LOCATION_INVALID` where a template leads to another result. */
  write(value: unknown, where: Where): Promise<Written>;
  /** @throws StoreError `RESULT_READ_FAILED`; `RESULT_TRUNCATED` when it is not what was written. */
  read(location: string): Promise<unknown>;
  /** Whether something is stored there. @throws StoreError `RESULT_READ_FAILED` when that cannot be found out. */
  exists(location: string): Promise<boolean>;
  /**
   * Where `write` would put a result: needed for `target`, which looks before it runs. A store without it cannot have targets.
   * @throws StoreError `LOCATION_INVALID`
   */
  locate?(where: Where): string;
}

/** Codes of the failures that a store can cause. */
export type StoreFailureCode = Extract<FailureCode, `RESULT_${string}` | "STORAGE_FULL" | "LOCATION_INVALID">;

/**
 * A store could not do what was asked. The message names the place, the cause and the way out.
 * @example throw new StoreError("RESULT_READ_FAILED", `Could not read s3://results/${key}: it was deleted. Start a new run.`);
 */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreFailureCode;

  constructor(code: StoreFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
