import type { Inputs, MapInputs, MappedRun, TaskRun } from "../handle.ts";
import type { TaskOptionsOf } from "./task-options.ts";

/** Options of one call, besides those of the task itself. */
export interface CallOptions<A extends readonly unknown[] = never[]> extends TaskOptionsOf<A> {
  /** Task runs that must have succeeded before, without handing their values over. */
  readonly after?: readonly TaskRun<unknown>[];
  /** Recognises this task run after a restart, where the order of calls may differ. Unique among the task's runs. */
  readonly key?: string;
}

/**
 * A task. Called inside a flow it makes a task run; called anywhere else it is just the function.
 * @typeParam A parameters of the function
 * @typeParam T value of the function, awaited
 */
export interface Task<A extends readonly unknown[], T> {
  (...inputs: Inputs<A>): TaskRun<T>;
  /**
   * Runs the task once per index of the given lists, which must be of one length.
   * @example const sizes = measure.map(files, unmapped("kB")); // TaskRun of a list
   */
  map(...inputs: MapInputs<A>): MappedRun<T>;
  /**
   * The same task with these options.
   * @example await publish.with({ after: [backup], runName: `publish ${day}` })(report);
   */
  with(options: CallOptions<A>): Task<A, T>;
  /** Name of the task, as it was given. */
  readonly taskName: string;
}

/** The function of a task, its types forgotten: what the engine calls. */
export type TaskFunction = (...inputs: unknown[]) => unknown;
