import type { Store } from "@weir/results";
import { frames } from "../context/frame.ts";
import type { TaskCall } from "../engine/calls.ts";
import { Body } from "../engine/body.ts";
import { RunHandle } from "../engine/run-handle.ts";
import { rememberTask } from "../executors/task-registry.ts";
import type { TaskCode } from "../engine/task-try.ts";
import { checkedName, shownName } from "../names.ts";
import { isRendered } from "./run-name.ts";
import { callAlone, mapAlone } from "./alone.ts";
import { type AnyTaskOptions, type TaskOptionsOf, taskSettings } from "./task-options.ts";
import type { CallOptions, Task, TaskFunction } from "./task-types.ts";

/** What is told of a task that a file defines. */
export interface DefinedTask {
  readonly name: string;
  readonly tags: readonly string[];
  readonly retries: number;
  /** Templates of locations: of its target, and of its own store. */
  readonly templates: readonly string[];
  /** Its own store; null: the flow's. */
  readonly store: Store | null;
}

let listener: ((task: DefinedTask) => void) | null = null;

/** Whoever registers a file's flows hears of the tasks that it defines. Nobody listens in a run: tasks may be made at any time there. */
export function onTaskDefined(heard: ((task: DefinedTask) => void) | null): void {
  listener = heard;
}

/** A task and all options of its next call. */
interface Definition {
  readonly name: string;
  readonly fn: TaskFunction;
  readonly options: CallOptions;
  readonly code: TaskCode;
}

function define(name: string, fn: TaskFunction, options: CallOptions): Definition {
  if (options.key !== undefined) checkedName("key", options.key);
  return { name, fn, options, code: { fn, settings: taskSettings(name, options), kind: "task" } };
}

function runsAmong(after: CallOptions["after"]): RunHandle[] {
  return ((after ?? []) as readonly unknown[]).filter((run) => run instanceof RunHandle);
}

function callOf({ name, code, options }: Definition, values: readonly unknown[]): TaskCall {
  const { key, after } = options;
  const { runName } = code.settings;
  const known = typeof runName === "string" && !isRendered(runName) ? shownName(runName) : undefined;
  return { task: name, code, values, after: runsAmong(after), key, runName: known };
}

function build(definition: Definition): Task<unknown[], unknown> {
  const { name, fn, options } = definition;
  const call = (...values: unknown[]): unknown => {
    const frame = frames.getStore();
    return frame instanceof Body ? frame.call(callOf(definition, values)) : callAlone(fn, values);
  };
  const map = (...values: unknown[]): unknown => {
    const frame = frames.getStore();
    return frame instanceof Body ? frame.map(callOf(definition, values)) : mapAlone(fn, values);
  };
  const withOptions = (more: CallOptions) => build(define(name, fn, { ...options, ...more }));
  return Object.assign(call, { map, with: withOptions, taskName: name }) as unknown as Task<unknown[], unknown>;
}

/**
 * Makes a task of a function. Called inside a flow it makes a task run: retried, timed, checkpointed, visible. Called anywhere else,
 * inside another task too, it is just the function.
 * @throws TypeError naming the option that makes no sense.
 * @example
 * const fetchOrders = task("fetch-orders", { retries: 3, retryDelay: "10s" }, async (day: string) => await db.orders(day));
 */
export function task<A extends readonly unknown[], R>(name: string, fn: (...inputs: A) => R): Task<A, Awaited<R>>;
export function task<A extends readonly unknown[], R>(
  name: string,
  options: TaskOptionsOf<NoInfer<A>>,
  fn: (...inputs: A) => R,
): Task<A, Awaited<R>>;
export function task(name: string, ...rest: [TaskFunction] | [AnyTaskOptions, TaskFunction]): Task<unknown[], unknown> {
  const [options, fn] = rest.length === 1 ? [{}, rest[0]] : rest;
  if (typeof fn !== "function")
    throw new TypeError(`The task ${JSON.stringify(name)} has no function: task(name, options?, fn).`);
  const definition = define(checkedName("task", name), fn, options);
  rememberTask(name, fn);
  const { tags, retryDelaysMs, target, store } = definition.code.settings;
  const templates = [target, store?.template].filter((template) => typeof template === "string");
  listener?.({ name, tags, retries: retryDelaysMs.length, templates, store });
  return build(definition);
}
