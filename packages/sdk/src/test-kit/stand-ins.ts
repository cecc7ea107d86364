import { run } from "../context/run.ts";
import { fail } from "../signals.ts";
import type { Task } from "../task/task-types.ts";

/** Where and when a stand-in takes the place of a task's own function. */
export interface StandInPlace {
  /** Only in so many executions, then the next stand-in or the task's own function. Default: in all. */
  readonly times?: number;
  /** Only in these children of a mapped run. */
  readonly index?: number | readonly number[];
  /** Only in these tries, counted from 1. */
  readonly tryNumber?: number | readonly number[];
  /** Only in this call of the task in the flow, counted from 0. */
  readonly call?: number;
}

/** One execution of a task, as stand-ins are chosen by it. */
export interface Execution {
  readonly task: string;
  readonly call: number;
  readonly index: number | undefined;
  readonly tryNumber: number;
}

type AnyFunction = (...inputs: never[]) => unknown;

/** What takes the place of a task's function in a test. Made by `stubTask`, `failTask` and `hangTask`. */
export interface StandIn {
  readonly task: string;
  /** The task was named by a text, which may be mistyped. */
  readonly byName: boolean;
  readonly place: StandInPlace;
  readonly fn: AnyFunction;
  /** It never answers, so time need not wait for it. */
  readonly hangs: boolean;
  /** The run is cancelled as soon as it stands in. */
  readonly cancels: boolean;
}

/** A task, or its name. */
export type TaskOrName = string | Pick<Task<never[], unknown>, "taskName">;

export function taskNameOf(task: TaskOrName): string {
  return typeof task === "string" ? task : task.taskName;
}

function standIn(
  task: TaskOrName,
  fn: AnyFunction,
  place: StandInPlace,
  { hangs = false, cancels = false }: Partial<Pick<StandIn, "hangs" | "cancels">> = {},
): StandIn {
  const { times } = place;
  if (times !== undefined && !(Number.isInteger(times) && times > 0))
    throw new TypeError(`times is ${times}; it must be a whole number from 1.`);
  return { task: taskNameOf(task), byName: typeof task === "string", place, fn, hangs, cancels };
}

/**
 * Runs `fn` in the place of the task's own function: it gets the inputs, and what it gives back is the task's value. Retries, timeout,
 * checkpoint and all other options of the task stay as they are.
 * @example
 * stubTask(fetchOrders, () => [{ id: 1, amount: 20 }]);
 * stubTask(fetchOrders, (day) => ordersOf(day), { index: 3 });
 */
export function stubTask<A extends readonly unknown[], T>(
  task: Task<A, T>,
  fn: (...inputs: NoInfer<A>) => NoInfer<T> | PromiseLike<NoInfer<T>>,
  place?: StandInPlace,
): StandIn;
export function stubTask(task: string, fn: (...inputs: never[]) => unknown, place?: StandInPlace): StandIn;
export function stubTask(task: TaskOrName, fn: AnyFunction, place: StandInPlace = {}): StandIn {
  return standIn(task, fn, place);
}

/** Options of `failTask`. */
export interface FailTaskOptions extends StandInPlace {
  /** What is thrown: anything, signals too; a text becomes an Error's message. Default: an Error saying that the test wants it. */
  readonly error?: unknown;
}

function thrown(error: unknown, task: string): unknown {
  if (error === undefined) return fail(`the test makes the task ${JSON.stringify(task)} fail`);
  return typeof error === "string" ? new Error(error) : error;
}

/**
 * Makes a task throw in the place of running.
 * @example
 * failTask(load, { times: 2 });                                       // the third try runs
 * failTask(load, { error: new LockedError("locked"), index: [3, 7] }); // two children of a map, in each of their tries
 */
export function failTask(task: TaskOrName, options: FailTaskOptions = {}): StandIn {
  const { error, ...place } = options;
  const name = taskNameOf(task);
  const throwIt = (): never => {
    throw thrown(error, name);
  };
  return standIn(task, throwIt, place);
}

/**
 * Makes a task never answer, as a connection that nobody closes. Time goes on: its `timeout`, if it has one, comes at once.
 * @example await testRun(report, { day }, { with: [hangTask(download, { times: 1 })] }); // TimedOut, or tried again
 */
export function hangTask(task: TaskOrName, place: StandInPlace = {}): StandIn {
  return standIn(task, () => new Promise<never>(() => undefined), place, { hangs: true });
}

/**
 * Cancels the run while a task runs, as a person would. The task stops as soon as it is told, by `run.signal`.
 * @example
 * const result = await testRun(load, {}, { with: [cancelDuring(copy)] });
 * expect(result.state).toBe("Cancelled"); // and the resource was cleaned up
 */
export function cancelDuring(task: TaskOrName, place: StandInPlace = {}): StandIn {
  const untilAborted = (): Promise<never> =>
    new Promise((_, reject) => {
      const { signal } = run;
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  return standIn(task, untilAborted, place, { hangs: true, cancels: true });
}

function among<T>(wanted: T | readonly T[] | undefined, value: T): boolean {
  return wanted === undefined || (Array.isArray(wanted) ? wanted.includes(value) : wanted === value);
}

function stands({ task, place }: StandIn, execution: Execution): boolean {
  const { index, tryNumber, call } = execution;
  if (task !== execution.task || !among(place.call, call) || !among(place.tryNumber, tryNumber)) return false;
  return place.index === undefined || (index !== undefined && among(place.index, index));
}

/** The stand-ins of one test: the first that fits an execution and is not used up. */
export class Cast {
  readonly #used = new Map<StandIn, number>();
  readonly #all: readonly StandIn[];

  constructor(all: readonly StandIn[]) {
    this.#all = all;
  }

  choose(execution: Execution): StandIn | null {
    const chosen = this.#all.find(
      (one) => stands(one, execution) && (this.#used.get(one) ?? 0) < (one.place.times ?? Infinity),
    );
    if (chosen === undefined) return null;
    this.#used.set(chosen, (this.#used.get(chosen) ?? 0) + 1);
    return chosen;
  }

  /** A name that no task of the run had: it was mistyped, most likely. */
  stranger(tasks: ReadonlySet<string>): string | undefined {
    return this.#all.find(({ task, byName }) => byName && !tasks.has(task))?.task;
  }
}
