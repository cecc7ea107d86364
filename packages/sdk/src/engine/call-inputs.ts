import { WeirError } from "../errors.ts";
import { hasIdentity, type Origins } from "./origins.ts";
import { RunHandle, type Verdict } from "./run-handle.ts";

/** As many as an event may carry; the graph of a task with more inputs is cut, its run is not. */
const MOST_UPSTREAM = 10_000;

/** Longest list that is searched for runs: a million rows would cost 20 ms each time they are handed over. */
const LONGEST_LIST = 10_000;

/** What a call hands over, and what it waits for. */
export interface CallInputs {
  readonly values: readonly unknown[];
  /** The runs among the values, bare or in a list. */
  readonly handles: readonly RunHandle[];
  /** Whether any of them is in a list. */
  readonly nested: boolean;
  readonly after: readonly RunHandle[];
  /** Of a child of a map: what its values were taken from before it began, and shares with all other children. */
  readonly shared?: CallInputs;
}

const NONE: readonly RunHandle[] = [];

/** A run that has ended forgets its inputs, so that they can go. */
export const FORGOTTEN: CallInputs = { values: [], handles: NONE, nested: false, after: NONE };

function mayHoldRuns(input: unknown): input is readonly unknown[] {
  return Array.isArray(input) && input.length <= LONGEST_LIST;
}

/** The runs in a list. A proxy that does not let itself be read holds none: what it throws is for the task to see. */
function runsIn(input: object): readonly RunHandle[] {
  let found: RunHandle[] | null = null;
  try {
    if (mayHoldRuns(input)) for (const element of input) if (RunHandle.is(element)) (found ??= []).push(element);
  } catch {
    return NONE;
  }
  return found ?? NONE;
}

/** Finds the runs among arguments: bare, or in a list of at most 10,000. Lists in lists are left alone, as their type says. */
export function readInputs(values: readonly unknown[], after: readonly RunHandle[] = NONE): CallInputs {
  let handles: RunHandle[] | null = null;
  let nested = false;
  for (const value of values) {
    if (typeof value !== "object" || value === null) continue;
    if (RunHandle.is(value)) (handles ??= []).push(value);
    else {
      for (const run of runsIn(value)) {
        (handles ??= []).push(run);
        nested = true;
      }
    }
  }
  return { values, handles: handles ?? NONE, nested, after };
}

/** The same where no list can hold runs: a list that 10,000 children share would be searched 10,000 times. */
export function readBareInputs(values: readonly unknown[]): CallInputs {
  return { values, handles: values.filter((value) => RunHandle.is(value)), nested: false, after: NONE };
}

/** Numbers of the task runs that a call depends on, without repeats; undefined when there is none. */
export function upstreamOf(
  { values, handles, after }: CallInputs,
  origins: Origins,
  isOurs: (handle: RunHandle) => boolean,
): number[] | undefined {
  let numbers: Set<number> | null = null;
  for (const handle of handles) if (isOurs(handle)) (numbers ??= new Set()).add(handle.identity.number);
  for (const handle of after) if (isOurs(handle)) (numbers ??= new Set()).add(handle.identity.number);
  for (const value of values) if (hasIdentity(value)) origins.numbers(value, (numbers ??= new Set()));
  if (numbers === null || numbers.size === 0) return undefined;
  return numbers.size > MOST_UPSTREAM ? [...numbers].slice(0, MOST_UPSTREAM) : [...numbers];
}

function taken(run: RunHandle): unknown {
  if (run.done) return run.take();
  throw new WeirError(
    "INPUT_INVALID",
    `A list was changed after it had been handed to a task: ${run.label()} is in it now and has not ended. Hand over a list that stays as it is.`,
  );
}

/** An argument with the runs in it replaced by their values. @throws WeirError `INPUT_INVALID` for a run that was put into a list later. */
export function resolveInput(value: unknown, nested: boolean): unknown {
  if (RunHandle.is(value)) return taken(value);
  if (!nested || !mayHoldRuns(value)) return value;
  return value.map((element) => (RunHandle.is(element) ? taken(element) : element));
}

/** The arguments with each run replaced by its value. */
export function resolveInputs({ values, handles, nested }: CallInputs): readonly unknown[] {
  return handles.length === 0 ? values : values.map((value) => resolveInput(value, nested));
}

/** Says which argument a run is, or that it only comes `after`. */
function place(handle: RunHandle, values: readonly unknown[]): string {
  const index = values.findIndex((value) => value === handle || (mayHoldRuns(value) && value.includes(handle)));
  return index === -1 ? "what it comes after" : `its input ${index + 1}`;
}

/** What stands in the way of a task, as an error to throw to whoever awaits it. */
export interface Obstacle {
  readonly verdict: Exclude<Verdict, "ok">;
  /** Which input it is: `its input 2, the task "load" (task run 3)`. */
  readonly which: string;
  readonly error: unknown;
}

/** The first of the runs that ended so, and which input of the task it is. */
export function obstacleOf(
  verdict: Obstacle["verdict"],
  handles: readonly RunHandle[],
  values: readonly unknown[],
): Obstacle | null {
  const handle = handles.find((one) => (verdict === "skipped" ? one.isSkipped() : one.verdict() === verdict));
  if (handle === undefined) return null;
  return { verdict, which: `${place(handle, values)}, ${handle.label()}`, error: handle.error };
}

/** What keeps a task from running: a skipped input first, then one that cannot be read, then one that did not succeed. */
const ORDER = ["skipped", "unreadable", "unsuccessful"] as const;

/** Finds what keeps a task from running; something skipped only where that skips it. */
export function obstacleAmong(
  handles: readonly RunHandle[],
  values: readonly unknown[],
  skipOnUpstreamSkip: boolean,
): Obstacle | null {
  for (const verdict of ORDER) {
    if (verdict === "skipped" && !skipOnUpstreamSkip) continue;
    const found = obstacleOf(verdict, handles, values);
    if (found !== null) return found;
  }
  return null;
}

/** The message of a run that is skipped because an input was. */
export function skippedBecause({ which }: Obstacle): string {
  return `Skipped because ${which}, was skipped.`;
}
