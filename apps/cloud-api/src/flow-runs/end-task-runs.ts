import { isTerminal, type StateName } from "@weir/protocol";
import type { TaskRunChanges, TaskRunStateDetail } from "../task-runs/task-run-changes.ts";

/** How a task run ends that its flow run left behind, by the state it was in. */
export type EndState = (state: StateName) => StateName;

/** Of a run whose process died, what was running crashed with it; everything else that is left open never came about. */
export function stateOfAbandoned(flowState: StateName): EndState {
  return (state) => (flowState === "Crashed" && state === "Running" ? "Crashed" : "Cancelled");
}

/**
 * Ends every unfinished task run among `numbers` and those that the batch touched, with history rows numbered on from `eventNumber`.
 * Answers the last number given.
 */
export function endTaskRuns(
  changes: TaskRunChanges,
  numbers: Iterable<number>,
  eventNumber: number,
  endState: EndState,
  detail: TaskRunStateDetail,
): number {
  let last = eventNumber;
  for (const number of new Set([...numbers, ...changes.numbers()])) {
    const view = changes.view(number);
    if (view === null || isTerminal(view.state)) continue;
    last += 1;
    changes.end(last, number, endState(view.state), detail);
  }
  return last;
}
