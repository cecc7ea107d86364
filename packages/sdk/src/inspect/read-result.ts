import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Store } from "@weir/results";
import { exportedFlows, exportProblem } from "../loading/exported-flows.ts";
import { loadProblem } from "../loading/load-problem.ts";
import { type DefinedTask, onTaskDefined } from "../task/task.ts";

/** Which result is wanted, and whose store has it. */
export interface WantedResult {
  readonly file: string;
  readonly flow: string;
  readonly task: string;
  readonly location: string;
}

/** A result, or one sentence that says why there is none. */
export type FoundResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a result with the store that the flow's file gives its task: the one that has the keys and the dictionary. Runs the file's own code,
 * so only in a process made for it.
 */
export async function readResult({ file, flow, task, location }: WantedResult): Promise<FoundResult> {
  if (!existsSync(file)) return { ok: false, problem: loadProblem(file, null) };
  const tasks = new Map<string, DefinedTask>();
  onTaskDefined((defined) => void tasks.set(defined.name, defined));
  try {
    const exported = (await import(pathToFileURL(file).href)) as object;
    const problem = exportProblem(file, exported);
    if (problem !== null) return { ok: false, problem };
    const definition = exportedFlows(exported).find(({ name }) => name === flow);
    const store = tasks.get(task)?.store ?? definition?.store ?? null;
    return store === null ? noStore({ file, flow, task }, definition !== undefined) : await readFrom(store, location);
  } catch (error) {
    return { ok: false, problem: loadProblem(file, error) };
  } finally {
    onTaskDefined(null);
  }
}

async function readFrom(store: Store, location: string): Promise<FoundResult> {
  try {
    return { ok: true, value: await store.read(location) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

function noStore({ file, flow, task }: Omit<WantedResult, "location">, hasFlow: boolean): FoundResult {
  const problem = hasFlow
    ? `In ${file} neither the task ${JSON.stringify(task)} nor the flow ${JSON.stringify(flow)} names a store of its own; its results lie in the agent's results directory. Open it without --flow.`
    : `The file ${file} exports no flow ${JSON.stringify(flow)}. Name the file that does.`;
  return { ok: false, problem };
}
