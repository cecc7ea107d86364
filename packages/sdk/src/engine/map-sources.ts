import { WeirError } from "../errors.ts";
import { Flatten, Unmapped } from "../handle.ts";
import { type CallInputs, readInputs, resolveInput } from "./call-inputs.ts";
import { RunHandle } from "./run-handle.ts";

/** A mapped run as a source of another one, index by index. */
export interface IndexedRun extends RunHandle {
  /** Number of its children, once it has fanned out. */
  readonly count: number;
  child(index: number): RunHandle | undefined;
  /** Tells of each child that has ended, those of before too. */
  onChildEnded(listener: (index: number) => void): void;
}

/** Where the children of a mapped run get one of their arguments from. */
export type Source =
  | { readonly kind: "whole"; readonly value: unknown }
  | { readonly kind: "list"; readonly list: readonly unknown[] }
  | { readonly kind: "indexed"; readonly run: IndexedRun };

function isWrapped(input: unknown): input is Unmapped<unknown> | Flatten<unknown> {
  try {
    return input instanceof Unmapped || input instanceof Flatten;
  } catch {
    // A proxy of the user's that does not let itself be asked.
    return false;
  }
}

/** The inputs of a map without `unmapped` and `flatten` around them: what its edges are made of. */
export function unwrapped(inputs: CallInputs): CallInputs {
  if (!inputs.values.some((value) => isWrapped(value))) return inputs;
  return readInputs(
    inputs.values.map((value) => (isWrapped(value) ? value.value : value)),
    inputs.after,
  );
}

/** What the mapped run itself must wait for before it can fan out. Runs in a plain list are each child's own affair. */
export function awaitedBeforeMap(inputs: readonly unknown[], isIndexed: (run: RunHandle) => boolean): RunHandle[] {
  return inputs.flatMap((input) => {
    if (isWrapped(input)) return [...readInputs([input.value]).handles];
    return RunHandle.is(input) && !isIndexed(input) ? [input] : [];
  });
}

function invalid(task: string, reason: string): WeirError {
  return new WeirError("MAP_INVALID", `The task ${JSON.stringify(task)} cannot be mapped: ${reason}`);
}

function kindOf(value: unknown): string {
  return value === null ? "null" : `a value of the type ${typeof value}`;
}

function listOf(value: unknown, task: string, position: number): readonly unknown[] {
  const list: unknown = RunHandle.is(value) ? value.take() : value;
  if (Array.isArray(list)) return list;
  throw invalid(
    task,
    `its input ${position} is ${kindOf(list)}, not a list. Hand over a list, or unmapped(…) for a value that all children share.`,
  );
}

function flatList(value: unknown, task: string, position: number): readonly unknown[] {
  return listOf(value, task, position).flatMap((inner) => listOf(inner, task, position));
}

function sourceOf(
  input: unknown,
  task: string,
  position: number,
  isIndexed: (run: RunHandle) => run is IndexedRun,
): Source {
  if (input instanceof Unmapped) return { kind: "whole", value: resolveInput(input.value, true) };
  if (input instanceof Flatten) return { kind: "list", list: flatList(input.value, task, position) };
  if (RunHandle.is(input) && isIndexed(input)) return { kind: "indexed", run: input };
  return { kind: "list", list: listOf(input, task, position) };
}

function lengthOf(source: Source): number | null {
  if (source.kind === "whole") return null;
  return source.kind === "indexed" ? source.run.count : source.list.length;
}

/**
 * The sources of the children's arguments, and how many children there are.
 * @throws WeirError `MAP_INVALID` naming the input that is no list, or the lengths that differ.
 */
export function mapSources(
  task: string,
  inputs: readonly unknown[],
  isIndexed: (run: RunHandle) => run is IndexedRun,
): { sources: Source[]; count: number } {
  const sources = inputs.map((input, index) => sourceOf(input, task, index + 1, isIndexed));
  const lengths = sources.flatMap((source, index) => {
    const length = lengthOf(source);
    return length === null ? [] : [{ length, position: index + 1 }];
  });
  const [first] = lengths;
  if (first === undefined) throw invalid(task, "none of its inputs is a list.");
  const other = lengths.find(({ length }) => length !== first.length);
  if (other === undefined) return { sources, count: first.length };
  throw invalid(
    task,
    `its input ${first.position} has ${first.length} elements, its input ${other.position} has ${other.length}. All lists must be of one length; hand over unmapped(…) what all children share.`,
  );
}

/** The arguments of one child. */
export function childInputs(sources: readonly Source[], index: number): unknown[] {
  return sources.map((source) => {
    if (source.kind === "whole") return source.value;
    return source.kind === "indexed" ? source.run.child(index) : source.list[index];
  });
}
