import { fileURLToPath } from "node:url";
import { loadProblem } from "../../loading/load-problem.ts";
import type { TaskFunction } from "../../task/task-types.ts";
import { collectTasks, type TaskPlace, taskAt } from "../task-registry.ts";
import { executorFailed } from "../thrown.ts";

let loading = 0;

/** Whether this thread is loading a file of the user's, to find the tasks that it defines. */
export function isLoadingTasks(): boolean {
  return loading > 0;
}

/** Imports a file of the user's. @throws WeirError `EXECUTOR_FAILED` with a sentence. */
export async function loadTasks(file: string): Promise<void> {
  collectTasks();
  loading += 1;
  try {
    await import(file);
  } catch (error) {
    throw executorFailed(loadProblem(fileURLToPath(file), error));
  } finally {
    loading -= 1;
  }
}

/** Finds a task by its place, after loading the file. @throws WeirError `EXECUTOR_FAILED` with a sentence. */
export async function loadedTask(place: TaskPlace): Promise<TaskFunction> {
  const known = taskAt(place);
  if (known !== undefined) return known;
  await loadTasks(place.file);
  const found = taskAt(place);
  if (found !== undefined) return found;
  throw executorFailed(
    `A thread has loaded ${fileURLToPath(place.file)} and found no task ${JSON.stringify(place.name)}: it must be made while the file is loaded. Define it at the top level of a module, not inside a function.`,
  );
}
