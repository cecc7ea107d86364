import { types } from "node:util";
import type { TaskRunFacts } from "./declare.ts";
import type { RunHandle } from "./run-handle.ts";

/** How much of what is handed to a task is looked up: an event may carry no more numbers. */
const MOST_LOOKED_UP = 10_000;

/** How much of one value is remembered besides itself: more than a graph has boxes. Each costs about 0.5 µs. */
const MOST_REMEMBERED = 200;

/** A task run, apart from its value: who holds a part of a value must not keep the rest alive. */
type Maker = Pick<TaskRunFacts, "number" | "parent" | "mapIndex">;

/** Where the objects in the hands of the flow's code came from. Only what has an identity can be known again: no string, no number. */
export class Origins {
  readonly #values = new WeakMap<object, RunHandle>();
  /** Elements and fields of values that were handed out later than they themselves, if ever they were; and functions, which no store can write. */
  readonly #parts = new WeakMap<object, Maker>();

  /** Notes a value that is handed out, and its elements or fields, one level deep: a flow may take it apart. The latest run counts. */
  remember(value: unknown, run: RunHandle): void {
    if (typeof value === "function") this.#parts.set(value, run.identity);
    if (typeof value !== "object" || value === null) return;
    this.#values.set(value, run);
    this.#parts.delete(value);
    eachInner(value, MOST_REMEMBERED, (inner) => this.#parts.set(inner, run.identity));
  }

  /** Notes that an element of the list that a map hands out came from a child of it. */
  rememberElement(element: unknown, child: RunHandle): void {
    if (hasIdentity(element)) this.#parts.set(element, child.identity);
  }

  /** Adds the numbers of the task runs behind a value: of the one that made it, or of those that made its elements or fields. */
  numbers(value: object, into: Set<number>): void {
    const own = this.#makerOf(value);
    if (own !== undefined) return void into.add(own.number);
    eachInner(value, MOST_LOOKED_UP, (inner, isElement) => {
      const maker = this.#makerOf(inner);
      if (maker === undefined) return;
      // A list of a map's values is from the map: ten thousand numbers would say no more.
      into.add(isElement && maker.mapIndex !== undefined ? (maker.parent ?? maker.number) : maker.number);
    });
  }

  /** Tells of the runs whose whole value this is, or whose whole values are its elements or fields. */
  each(value: unknown, found: (run: RunHandle) => void): void {
    if (!hasIdentity(value)) return;
    const own = this.#values.get(value);
    if (own !== undefined) return found(own);
    eachInner(value, MOST_LOOKED_UP, (inner) => {
      const run = this.#values.get(inner);
      if (run !== undefined) found(run);
    });
  }

  #makerOf(value: object): Maker | undefined {
    return this.#parts.get(value) ?? this.#values.get(value)?.identity;
  }
}

/** Whether it is told apart from others that are equal to it: objects and functions are. */
export function hasIdentity(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

type Visit = (inner: object, isElement: boolean) => void;

/** Visits elements of a list, or fields of a plain record. Runs none of the user's code: a proxy stays closed, a getter is not called. */
function eachInner(value: object, most: number, visit: Visit): void {
  if (types.isProxy(value)) return;
  if (Array.isArray(value)) visitElements(value, most, visit);
  else if (isPlain(value)) visitFields(value, most, visit);
}

function visitElements(list: readonly unknown[], most: number, visit: Visit): void {
  const end = Math.min(list.length, most);
  for (let index = 0; index < end; index += 1) {
    const element = list[index];
    if (hasIdentity(element)) visit(element, true);
  }
}

function visitFields(record: object, most: number, visit: Visit): void {
  let seen = 0;
  for (const name of Object.keys(record)) {
    if (seen === most) return;
    seen += 1;
    const field: unknown = Object.getOwnPropertyDescriptor(record, name)?.value;
    if (hasIdentity(field)) visit(field, false);
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
