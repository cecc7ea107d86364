import { isFailed } from "@weir/protocol/state";
import type { TaskRow } from "./run-store.ts";

/**
 * Task runs that failed by themselves, and not because another had: those that ended first come first, since they are most often the cause. A
 * subflow's task run only repeats what failed below it.
 */
export function firstFailed(taskRuns: readonly TaskRow[]): TaskRow[] {
  const failed = taskRuns.filter(({ state }) => isFailed(state) && state !== "TriggerFailed");
  const parents = new Set(failed.map(({ parent }) => parent));
  return failed
    .filter(({ number }) => !parents.has(number))
    .sort((one, other) => (one.endedAt ?? "").localeCompare(other.endedAt ?? "") || one.number - other.number);
}
