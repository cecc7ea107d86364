import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { FlowRegistration } from "@weir/protocol";
import type { FlowDefinition } from "../flow/definition.ts";
import { describeParameters } from "../flow/parameter-schema.ts";
import { exportedFlows, exportProblem } from "../loading/exported-flows.ts";
import { loadProblem } from "../loading/load-problem.ts";
import { type DefinedTask, onTaskDefined } from "../task/task.ts";
import { SDK_VERSION } from "../version.ts";
import { templateProblem } from "./template-problem.ts";
import { codeDigest, type LoadedFile, watchLoadedFiles } from "./loaded-files.ts";

/** What is told of a flow file: the registrations of its flows, or one sentence that says why there are none. */
export type Inspection =
  | { readonly ok: true; readonly flows: readonly FlowRegistration[] }
  | { readonly ok: false; readonly problem: string };

/** The nearest directory above that has a package.json: what belongs together moves together. Else the file's own. */
function directoryOf(file: string): string {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (existsSync(join(directory, "package.json"))) return directory;
    if (directory === dirname(directory)) return dirname(file);
  }
}

function registration(
  definition: FlowDefinition,
  tasks: readonly DefinedTask[],
  storage: FlowRegistration["storage"],
): FlowRegistration {
  const { name, description, labels, parameters, schedules, boundary } = definition;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    labels: [...labels],
    tasks: tasks.map(({ name: task, tags, retries }) => ({ name: task, tags: [...tags], retries })),
    ...describeParameters(parameters),
    ...(schedules.length === 0 ? {} : { schedules: [...schedules] }),
    storage,
    sdkVersion: SDK_VERSION,
    ...(boundary === undefined ? {} : { boundary }),
  };
}

function localStorage(directory: string, file: string, files: readonly LoadedFile[]): FlowRegistration["storage"] {
  const entry = relative(directory, file).replaceAll(sep, "/");
  return { kind: "local", directory, entry, codeDigest: codeDigest(files), files: [...files] };
}

/** Imports a file and collects what it defines meanwhile. */
async function load(file: string): Promise<{ exported: object; tasks: DefinedTask[] }> {
  const tasks = new Map<string, DefinedTask>();
  onTaskDefined((task) => {
    if (!tasks.has(task.name)) tasks.set(task.name, task);
  });
  try {
    return { exported: (await import(pathToFileURL(file).href)) as object, tasks: [...tasks.values()] };
  } finally {
    onTaskDefined(null);
  }
}

/** Loads a flow file and describes the flows that it exports. Runs the file's own code, so only in a process made for it. */
export async function inspectFile(path: string): Promise<Inspection> {
  const given = resolve(path);
  if (!existsSync(given)) return { ok: false, problem: loadProblem(given, null) };
  if (!statSync(given).isFile())
    return { ok: false, problem: `${given} is a directory. Name the file that exports the flow.` };
  // Modules are loaded by their true path; a link would not be found among them.
  const file = realpathSync(given);
  const directory = directoryOf(file);
  const loadedFiles = watchLoadedFiles(directory);
  let loaded: Awaited<ReturnType<typeof load>>;
  try {
    loaded = await load(file);
  } catch (error) {
    return { ok: false, problem: loadProblem(file, error) };
  }
  const problem = exportProblem(file, loaded.exported);
  if (problem !== null) return { ok: false, problem };
  const flows = exportedFlows(loaded.exported);
  const unknown = templateProblem(flows, loaded.tasks);
  if (unknown !== null) return { ok: false, problem: `${file}: ${unknown}` };
  const storage = localStorage(directory, file, loadedFiles());
  return { ok: true, flows: flows.map((flow) => registration(flow, loaded.tasks, storage)) };
}
