import { isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { WeirError } from "../errors.ts";
import type { FlowDefinition } from "../flow/definition.ts";
import { exportedFlows, exportProblem } from "./exported-flows.ts";
import { loadProblem } from "./load-problem.ts";

function notLoaded(message: string, cause?: unknown): WeirError {
  return new WeirError("FLOW_NOT_LOADED", message, cause === undefined ? undefined : { cause });
}

function enter(directory: string): void {
  try {
    // Where it may not be read as a whole, the process was started in it and could not come back.
    if (process.cwd() !== directory) process.chdir(directory);
  } catch (error) {
    throw notLoaded(`The flow's directory ${directory} cannot be entered. Check that it is on this machine.`, error);
  }
}

async function importFile(file: string): Promise<object> {
  try {
    return (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    throw notLoaded(loadProblem(file, error), error);
  }
}

/**
 * Makes the directory the working directory, imports the entry below it and finds the flow.
 * @throws WeirError `FLOW_NOT_LOADED` with a sentence; the user's own error is its cause.
 */
export async function loadFlow(directory: string, entry: string, name: string): Promise<FlowDefinition> {
  const file = resolve(directory, entry);
  const way = relative(directory, file);
  if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw notLoaded(`The entry ${entry} is not below the flow's directory ${directory}.`);
  }
  enter(directory);
  const exported = await importFile(file);
  const problem = exportProblem(file, exported);
  if (problem !== null) throw notLoaded(problem);
  const flows = exportedFlows(exported);
  const found = flows.find((definition) => definition.name === name);
  if (found !== undefined) return found;
  const names = flows.map((definition) => JSON.stringify(definition.name)).join(", ");
  throw notLoaded(
    `The file ${file} exports no flow named ${JSON.stringify(name)}, but ${names}. Export it, or register the file again.`,
  );
}
