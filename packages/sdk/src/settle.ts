import { RunHandle } from "./engine/run-handle.ts";
import { RunNode } from "./engine/run-node.ts";
import { Settlement } from "./engine/settlement.ts";
import { failureOf } from "./failure-of.ts";
import type { MappedRun, Settled, SettledMap, TaskRun } from "./handle.ts";
import { aloneRun } from "./task/alone.ts";

async function settleAlone(run: TaskRun<unknown>): Promise<Settled<unknown>> {
  try {
    return { state: "Success", value: await run };
  } catch (error) {
    return { state: "Failed", failure: failureOf(error) };
  }
}

/**
 * Asks how a task run ended instead of asking for its value: `{ state, value }` or `{ state, failure }`. Never fails, and looks after
 * the failure: a run that was settled does not fail the flow. Await it, or hand it to a task. A mapped run answers for each child too.
 * @example
 * const { state, failure } = await settle(upload(file));
 * const summary = summarize(settle(left), settle(right)); // a task of (l: Settled<number>, r: Settled<number>)
 */
export function settle<T>(run: MappedRun<T>): TaskRun<SettledMap<T>>;
export function settle<T>(run: TaskRun<T>): TaskRun<Settled<T>>;
export function settle(run: TaskRun<unknown>): TaskRun<unknown> {
  const handle: unknown = run;
  if (handle instanceof RunNode) return asRun(new Settlement(handle));
  return handle instanceof RunHandle ? run : aloneRun(settleAlone(run));
}

/** The brand of `TaskRun` exists for the compiler only. */
function asRun(handle: RunHandle): TaskRun<unknown> {
  return handle as unknown as TaskRun<unknown>;
}
