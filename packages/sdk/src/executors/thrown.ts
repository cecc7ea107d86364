import { inspect } from "node:util";
import type { FailureCode } from "@weir/protocol/failure";
import { StoreError, type StoreFailureCode } from "@weir/results";
import type { Duration } from "../duration.ts";
import { RunCancelledError, TaskTimeoutError, WeirError } from "../errors.ts";
import { FailSignal, LoopSignal, PauseSignal, RetrySignal, Signal, SkipSignal, SuccessSignal } from "../signals.ts";
import { classNames, rememberClasses } from "./classes.ts";

/** What was thrown in another thread or process, as plain data. */
export type Thrown =
  | { readonly kind: "value"; readonly value: unknown }
  | SignalData
  | {
      readonly kind: "error";
      /** Names of its class and of those that it extends, the nearest first. */
      readonly classes: readonly string[];
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause: Thrown | undefined;
      /** Of an AggregateError. */
      readonly errors: readonly Thrown[];
      /** Own fields that could be copied: `code`, `status`, … */
      readonly fields: Readonly<Record<string, unknown>>;
    };

type SignalData =
  | { readonly kind: "Fail" | "Skip" | "Pause"; readonly message: string }
  | { readonly kind: "RetryAfter"; readonly message: string; readonly when: Duration | Date }
  | { readonly kind: "SucceedWith" | "LoopWith"; readonly message: string; readonly value: unknown };

/** Copies a value as the way that it will go copies it. @throws what says that it cannot be copied. */
export type Copy = (value: unknown) => unknown;

/** Causes of causes; a cycle among them ends here too. */
const DEEPEST = 5;
/** Errors of an AggregateError that are told. */
const MOST_ERRORS = 100;
/** Fields that are told by themselves, or that would be a second error. */
const KNOWN_FIELDS = new Set(["name", "message", "stack", "cause", "errors"]);
function signalData(signal: Signal): SignalData | null {
  const { message } = signal;
  if (signal instanceof RetrySignal) return { kind: "RetryAfter", message, when: signal.when };
  if (signal instanceof SuccessSignal) return { kind: "SucceedWith", message, value: signal.value };
  if (signal instanceof LoopSignal) return { kind: "LoopWith", message, value: signal.value };
  if (signal instanceof FailSignal || signal instanceof SkipSignal || signal instanceof PauseSignal)
    return { kind: signal.name, message };
  return null;
}

function copiedFields(error: Error, copy: Copy): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(error)) {
    if (KNOWN_FIELDS.has(name) || name === "__proto__") continue;
    try {
      fields[name] = copy((error as unknown as Record<string, unknown>)[name]);
    } catch {
      // A socket, a function: of use only where it was made.
    }
  }
  return fields;
}

function valueData(value: unknown, copy: Copy): Thrown {
  try {
    return { kind: "value", value: copy(value) };
  } catch {
    return { kind: "value", value: inspect(value, { depth: 2 }) };
  }
}

function errorData(error: Error, copy: Copy, depth: number): Thrown {
  const inner = (one: unknown): Thrown => thrownData(one, copy, depth + 1);
  return {
    kind: "error",
    classes: classNames(error),
    name: error.name,
    message: error.message,
    stack: typeof error.stack === "string" ? error.stack : undefined,
    cause: error.cause === undefined || depth >= DEEPEST ? undefined : inner(error.cause),
    errors: error instanceof AggregateError && depth < DEEPEST ? error.errors.slice(0, MOST_ERRORS).map(inner) : [],
    fields: copiedFields(error, copy),
  };
}

/** What was thrown, as plain data. Never throws; a signal's value that cannot be copied makes it an error that says so. */
export function thrownData(thrown: unknown, copy: Copy, depth = 0): Thrown {
  try {
    const signal = thrown instanceof Signal ? signalData(thrown) : null;
    if (signal !== null) return "value" in signal ? { ...signal, value: copy(signal.value) } : signal;
    return thrown instanceof Error ? errorData(thrown, copy, depth) : valueData(thrown, copy);
  } catch (error) {
    const what = thrown instanceof Signal ? `The value that ${thrown.name} hands over` : "What was thrown";
    return errorData(executorFailed(`${what} cannot be copied: ${(error as Error).message}`), copy, DEEPEST);
  }
}

/** What an executor throws when it could not do its work. A sentence: what happened, to what, what to do. */
export function executorFailed(message: string): WeirError {
  return new WeirError("EXECUTOR_FAILED", message);
}

type ErrorData = Extract<Thrown, { kind: "error" }>;

const BUILT_IN = { TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError } as const;

function ownError({ classes, name, message, fields }: ErrorData): Error | null {
  const code = fields["code"];
  if (classes.includes("TaskTimeoutError")) return new TaskTimeoutError(message);
  if (classes.includes("RunCancelledError")) return new RunCancelledError(message);
  if (classes.includes("WeirError") && typeof code === "string") return new WeirError(code as FailureCode, message);
  if (name === "StoreError" && typeof code === "string") return new StoreError(code as StoreFailureCode, message);
  return null;
}

function builtInError({ classes, name, message, errors }: ErrorData): Error {
  if (classes.includes("AggregateError")) return new AggregateError(errors.map(thrownOf), message);
  if (classes.includes("DOMException")) return new DOMException(message, name);
  const nearest = classes.find((one): one is keyof typeof BUILT_IN => one in BUILT_IN);
  return nearest === undefined ? new Error(message) : new BUILT_IN[nearest](message);
}

function define(error: Error, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, name, { value, enumerable, writable: true, configurable: true });
}

function errorOf(data: ErrorData): Error {
  const error = ownError(data) ?? builtInError(data);
  if (error.name !== data.name) define(error, "name", data.name, false);
  if (data.stack !== undefined) define(error, "stack", data.stack, false);
  if (data.cause !== undefined) define(error, "cause", thrownOf(data.cause), false);
  // `code` of a DOMException or of an error of ours is there already, and may not be redefined.
  for (const [name, value] of Object.entries(data.fields)) if (!(name in error)) define(error, name, value, true);
  rememberClasses(error, data.classes);
  return error;
}

/** What was thrown, made again: an error of the same built-in class, with the same name, stack, cause and fields; or a signal. */
export function thrownOf(data: Thrown): unknown {
  switch (data.kind) {
    case "value":
      return data.value;
    case "Fail":
      return new FailSignal(data.message);
    case "Skip":
      return new SkipSignal(data.message);
    case "Pause":
      return new PauseSignal(data.message);
    case "RetryAfter":
      return new RetrySignal(data.when, data.message);
    case "SucceedWith":
      return new SuccessSignal(data.value, data.message);
    case "LoopWith":
      return new LoopSignal(data.value, data.message);
    case "error":
      return errorOf(data);
  }
}
