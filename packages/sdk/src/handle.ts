import type { Failure } from "@weir/protocol/failure";
import type { StateName } from "@weir/protocol/state";

/**
 * How a task run ended, as `settle` tells it.
 * @example const judge = task("judge", (outcome: Settled<number>) => outcome.failure === undefined);
 */
export type Settled<T> =
  | { readonly state: StateName; readonly value: T; readonly failure?: never }
  | { readonly state: StateName; readonly failure: Failure; readonly value?: never };

/** How a mapped run ended: `value` when all children succeeded, and each child on its own. */
export type SettledMap<T> = Settled<T[]> & { readonly children: readonly Settled<T>[] };

declare const VALUE: unique symbol;

/**
 * One execution of a task: a promise of its value, which may also be handed, un-awaited, to another task. Handing it over makes the
 * edge; the other task begins when this one has succeeded.
 * @example
 * const orders = load(day);        // TaskRun<Order[]>
 * const report = render(orders);   // begins when `orders` is there
 */
export interface TaskRun<T> extends Promise<T> {
  readonly [VALUE]: T;
}

/**
 * A task mapped over lists: a promise of the list of its children's values. Mapping over it goes index by index: a child begins
 * as soon as the child of the same index before it has succeeded.
 * @example
 * const sizes = measure.map(files);  // MappedRun<number>
 * const total = sum(sizes);          // gets the list
 */
export interface MappedRun<T> extends TaskRun<T[]> {
  /** Told apart from a task run that merely returns a list, since `settle` answers for each child. */
  readonly mapped: true;
}

/** What a task takes where it declares `P`: the value, or the run that will have it; for lists also a list with runs in it. */
export type Input<P> =
  | P
  | TaskRun<P>
  | (P extends readonly unknown[] ? { readonly [K in keyof P]: P[K] | TaskRun<P[K]> } : never);

/** The arguments of a call, one `Input` for each parameter. */
export type Inputs<A extends readonly unknown[]> = { readonly [K in keyof A]: Input<A[K]> };

/** A value that every child of a mapped run gets whole. Made by `unmapped`. */
export class Unmapped<P> {
  readonly value: Input<P>;
  constructor(value: Input<P>) {
    this.value = value;
  }
}

/** A list of lists that is mapped over as one list. Made by `flatten`. */
export class Flatten<P> {
  readonly value: Input<readonly (readonly P[])[]>;
  constructor(value: Input<readonly (readonly P[])[]>) {
    this.value = value;
  }
}

/** What `.map` takes where the task declares `P`: a list of `P`, a run that will have one, `unmapped(P)` or `flatten(lists of P)`. */
export type MapInput<P> = Input<readonly P[]> | Unmapped<P> | Flatten<P>;

/** The arguments of `.map`, one `MapInput` for each parameter. */
export type MapInputs<A extends readonly unknown[]> = { readonly [K in keyof A]: MapInput<A[K]> };

/**
 * Hands a value, or the run that will have it, whole to every child of a mapped run.
 * @example score.map(orders, unmapped(rates))
 */
export function unmapped<P>(value: Input<P>): Unmapped<P> {
  return new Unmapped(value);
}

/**
 * Maps over a list of lists as if it were one list. Waits for all of them: only then it is known how many there are.
 * @example count.map(flatten(pages)) // pages: string[][]
 */
export function flatten<P>(value: Input<readonly (readonly P[])[]>): Flatten<P> {
  return new Flatten(value);
}
