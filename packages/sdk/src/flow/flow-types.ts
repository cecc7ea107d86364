import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { BoundaryRequest } from "@weir/protocol";
import type { Failure } from "@weir/protocol/failure";
import type { StateName } from "@weir/protocol/state";
import type { Store } from "@weir/results";
import type { Executor } from "../executors/executor.ts";
import type { TaskRun } from "../handle.ts";
import type { FailureHandler, StateHandler } from "../task/state-handlers.ts";
import type { Schedule } from "../schedules/schedule.ts";

/** What a flow may be told. */
export interface FlowOptions {
  /** For people. */
  readonly description?: string;
  /** Only an agent that has all of these labels runs it. */
  readonly labels?: readonly string[];
  /** Store of its tasks' results. Default: the one that the flow's storage brings; none in memory. */
  readonly result?: Store;
  /** Where tries of its tasks run: `threads()`, `bullmq(…)`. Default: this process's event loop. */
  readonly executor?: Executor;
  /** The tasks whose runs decide how the flow ends, in the place of what it returns or throws. */
  readonly referenceTasks?: readonly { readonly taskName: string }[];
  /** See each change of the flow run's state, and may replace its end. */
  readonly stateHandlers?: StateHandler | readonly StateHandler[];
  /** Hears when the flow has failed. */
  readonly onFailure?: FailureHandler;
  /**
   * What happens when the cloud is silent for two thirds of the lease. `"stop"`: the run is stopped here, so that another agent can take it
   * up. `"continue"`: it goes on, and another attempt may run beside it. Default: as the agent is set.
   */
  readonly onLeaseLost?: "stop" | "continue";
  /**
   * What may leave of its runs, beyond what the policy file of the user's side says. It makes things stricter, never milder; a flow that
   * is called inside another one brings its own along.
   * @example { log: "drop", exception: "id-only" }
   */
  readonly boundary?: BoundaryRequest;
  /** When runs begin by themselves, once the flow is registered: `every`, `cron`, `dates` and `rrule` of `@weir/sdk/schedules`. */
  readonly schedules?: readonly Schedule[];
}

/** `FlowOptions` with a schema of the parameters: any Standard Schema, for example zod's, valibot's or arktype's. */
export interface FlowOptionsWithParameters<S extends StandardSchemaV1> extends FlowOptions {
  readonly parameters: S;
  /** As in `FlowOptions`; the parameters that a schedule gives are the flow's. */
  readonly schedules?: readonly Schedule<SomeOf<StandardSchemaV1.InferInput<S>>>[];
}

type SomeOf<P> = P extends object ? Partial<P> : object;

/** What is told of a task run of a run in memory. */
export interface TaskRunRecord {
  readonly number: number;
  readonly task: string;
  readonly ordinal: number;
  readonly key?: string;
  readonly runName?: string;
  readonly mapIndex?: number;
  /** Number of the mapped run that it is a child of. */
  readonly parent?: number;
  /** Numbers of the task runs that it depends on. */
  readonly upstream?: readonly number[];
  readonly state: StateName;
  /** 0: it was never tried. */
  readonly tryNumber: number;
  readonly mapCount?: number;
  /** Where its result lies, if it was written. */
  readonly location?: string;
  readonly message?: string;
  readonly failure?: Failure;
}

/** How a run in memory ended. */
export type FlowResult<T> =
  | {
      readonly state: "Success";
      readonly value: T;
      readonly failure?: never;
      readonly taskRuns: readonly TaskRunRecord[];
    }
  | {
      readonly state: Exclude<StateName, "Success">;
      readonly value?: never;
      readonly failure: Failure;
      readonly taskRuns: readonly TaskRunRecord[];
    };

/** What a flow gives when its function returns `R`: task runs that it returns become their values. */
export type FlowValue<R> =
  R extends TaskRun<infer T> ? T : R extends readonly unknown[] ? { [K in keyof R]: RunValue<R[K]> } : R;

type RunValue<R> = R extends TaskRun<infer T> ? T : R;

/** The parameters of a call: none are needed when all have defaults. */
export type FlowArguments<P> = Partial<P> extends P ? [parameters?: P] : [parameters: P];

/**
 * A flow. Called without a cloud it runs in memory, by the same rules; called inside another flow it is a task run of that one's, with task
 * runs of its own.
 * @typeParam P its parameters, as they are handed in
 * @typeParam T its value
 */
export interface Flow<P, T> {
  /** The flow's value. @throws what made it fail. */
  (...parameters: FlowArguments<P>): TaskRun<T>;
  /**
   * Runs it and tells how it ended. Never throws.
   * @example
   * const { state, failure, taskRuns } = await nightly.run({ day: "2026-01-01" });
   */
  run(...parameters: FlowArguments<P>): Promise<FlowResult<T>>;
  /** Name of the flow, as it was given. */
  readonly flowName: string;
}
