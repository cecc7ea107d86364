import { RunHandle } from "../engine/run-handle.ts";
import { Flatten, type TaskRun, Unmapped } from "../handle.ts";
import type { TaskFunction } from "./task-types.ts";

// A task called outside a flow is just its function. What it gives back is a native promise, so that a failure that nobody
// awaits is told by Node as for any function; it is remembered here, so that it may be handed to another task all the same.
const alone = new WeakSet<object>();

/** Marks a promise as what a task gives back. */
export function aloneRun<T>(promise: Promise<T>): TaskRun<T> {
  alone.add(promise);
  return promise as TaskRun<T>;
}

function isRun(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && (value instanceof RunHandle || alone.has(value));
}

function arrived(input: unknown): unknown {
  if (isRun(input)) return input;
  return Array.isArray(input) && input.some((element) => isRun(element)) ? Promise.all(input) : input;
}

/** Calls the function at once; or, when runs were handed over, once their values are there. */
export function callAlone(fn: TaskFunction, inputs: readonly unknown[]): TaskRun<unknown> {
  const wanted = inputs.map((input) => arrived(input));
  if (wanted.every((input, index) => input === inputs[index] && !isRun(input))) {
    return aloneRun(new Promise((resolve) => resolve(fn(...inputs))));
  }
  return aloneRun(Promise.all(wanted).then((values) => fn(...values)));
}

async function listsOf(inputs: readonly unknown[]): Promise<{ count: number; at: (index: number) => unknown[] }> {
  const values = await Promise.all(
    inputs.map((input) => arrived(input instanceof Unmapped || input instanceof Flatten ? input.value : input)),
  );
  const lists = values.map((value, index) =>
    inputs[index] instanceof Flatten ? (value as unknown[][]).flat() : value,
  );
  const mapped = lists.filter((_, index) => !(inputs[index] instanceof Unmapped)) as (readonly unknown[])[];
  const count = mapped[0]?.length ?? 0;
  if (mapped.some((list) => !Array.isArray(list) || list.length !== count)) {
    throw new TypeError("A task is mapped over lists of one length; hand over unmapped(…) what all share.");
  }
  const at = (index: number) =>
    lists.map((list, position) => (inputs[position] instanceof Unmapped ? list : (list as unknown[])[index]));
  return { count, at };
}

/** Calls the function for each index, all at once. */
export function mapAlone(fn: TaskFunction, inputs: readonly unknown[]): TaskRun<unknown[]> {
  const all = async (): Promise<unknown[]> => {
    const { count, at } = await listsOf(inputs);
    return await Promise.all(Array.from({ length: count }, (_, index) => fn(...at(index))));
  };
  return aloneRun(all());
}
