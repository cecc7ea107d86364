import { frames } from "./context/frame.ts";
import { Body } from "./engine/body.ts";
import type { TaskCall } from "./engine/calls.ts";
import type { TaskCode } from "./engine/task-try.ts";
import type { Inputs, TaskRun } from "./handle.ts";
import { checkedName } from "./names.ts";
import { aloneRun, callAlone } from "./task/alone.ts";
import { type TaskOptions, taskSettings } from "./task/task-options.ts";
import type { TaskFunction } from "./task/task-types.ts";

/** How something is set up for a run, and how it is cleaned up again. */
export interface ResourceFunctions<A extends readonly unknown[], T> {
  readonly setup: (...inputs: A) => T | Promise<T>;
  readonly cleanup: (value: T) => unknown;
}

/** Options of a resource: those of the task that sets it up. Its value is never written. */
export type ResourceOptions = Pick<
  TaskOptions,
  "retries" | "retryDelay" | "backoff" | "jitter" | "retryOn" | "timeout" | "tags"
>;

/** Something that a flow sets up, hands to tasks, and that is cleaned up in any case. Called in a flow it gives the run that sets it up. */
export interface Resource<A extends readonly unknown[], T> {
  (...inputs: Inputs<A>): TaskRun<T>;
  readonly taskName: string;
}

function callOf(task: string, code: TaskCode, values: readonly unknown[]): TaskCall {
  return { task, code, values, after: [], key: undefined, runName: undefined };
}

/**
 * Makes a resource: a cluster, a connection, a temporary directory. Setting it up is a task run; cleaning it up is another one, which runs
 * when the flow's function and all its task runs are over, also after a failure and when the run is cancelled. After a restart it is set
 * up anew: a connection of a process that is gone is worth nothing.
 * @example
 * const database = resource("database", { setup: (url: string) => connect(url), cleanup: (connection) => connection.end() });
 * export default flow("load", async ({ url }: { url: string }) => {
 *   const connection = database(url);
 *   await copy(connection, "orders");
 * });
 */
export function resource<A extends readonly unknown[], T>(
  name: string,
  functions: ResourceFunctions<A, T>,
  options: ResourceOptions = {},
): Resource<A, Awaited<T>> {
  const { setup, cleanup } = functions;
  if (typeof setup !== "function" || typeof cleanup !== "function")
    throw new TypeError(
      `The resource ${JSON.stringify(name)} needs two functions: resource(name, { setup, cleanup }).`,
    );
  checkedName("resource", name);
  const setUp = setup as unknown as TaskFunction;
  const settings = { ...taskSettings(name, options), checkpoint: false };
  const up: TaskCode = { fn: setUp, settings, kind: "resource" };
  const downName = checkedName("resource", `${name} cleanup`);
  const down: TaskCode = {
    fn: cleanup as TaskFunction,
    settings: { ...taskSettings(downName, {}), checkpoint: false },
    kind: "cleanup",
  };
  const call = (...values: unknown[]): unknown => {
    const frame = frames.getStore();
    if (!(frame instanceof Body)) return aloneRun(Promise.resolve(callAlone(setUp, values)));
    return frame.resource(callOf(name, up, values), callOf(downName, down, []));
  };
  return Object.assign(call, { taskName: name }) as unknown as Resource<A, Awaited<T>>;
}
