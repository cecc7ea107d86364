import type { Failure, StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { TaskRunChanges } from "../task-runs/task-run-changes.ts";
import { endTaskRuns } from "./end-task-runs.ts";
import { readUnfinished } from "./read-unfinished.ts";
import type { RunView } from "./run-view.ts";
import type { FlowRunChange } from "./set-flow-run-state.ts";

/** How the cloud itself ends a run. */
export interface RunEnd {
  readonly state: Extract<StateName, "Cancelled" | "Failed" | "Success">;
  readonly message: string;
  readonly failure?: Failure;
}

/** The change that ends a run without its agent, and its unfinished task runs with it. */
export async function endUnheldRun(pool: Pool, view: RunView, end: RunEnd): Promise<FlowRunChange> {
  const unfinished = await readUnfinished(pool, view);
  const changes = new TaskRunChanges(view.attempt, (number) => unfinished.get(number) ?? null);
  // What was never done did not succeed, whatever a person says of the run.
  const left = end.state === "Success" ? "Cancelled" : end.state;
  const eventNumber = endTaskRuns(changes, unfinished.keys(), view.eventNumber, () => left, {
    message: end.message,
  });
  return {
    view,
    moves: [{ state: end.state, at: null, eventNumber: null, message: end.message, failure: end.failure ?? null }],
    eventNumber,
    taskRuns: changes.upserts(new Map()),
    taskRunStates: changes.history,
    notify: ["run"],
  };
}
