import type { Store } from "@weir/results";
import type { TaskFunction } from "../task/task-types.ts";

/** What a test puts in the place of a flow's own parts. No run but a test's has them. */
export interface StandIns {
  /** What runs in the place of a task's function, in the same frame. It runs in this process, whatever executor the task names. */
  fn(task: string, fn: TaskFunction): TaskFunction;
  /** The store in the place of one that the flow or a task names. */
  store(named: Store): Store;
}
