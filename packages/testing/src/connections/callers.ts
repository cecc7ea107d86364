import { createHook, executionAsyncId } from "node:async_hooks";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = `${resolve(import.meta.dirname, "../../../..")}/`;
const WATCHER = "packages/testing/src/connections/";
const DEPTH = 64;

/** A path as the repository calls it: from its root, or as it is where it lies elsewhere. */
export function named(path: string): string {
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path;
}

/** Our modules on the stack, the innermost first: no package of others, and not the watcher itself. */
function modulesOnStack(): string[] {
  const before = Object.assign({}, Error);
  const holder: { stack?: readonly NodeJS.CallSite[] } = {};
  Error.stackTraceLimit = DEPTH;
  Error.prepareStackTrace = (_error, sites) => sites;
  Error.captureStackTrace(holder, modulesOnStack);
  const files = (holder.stack ?? []).map((site) => site.getFileName() ?? "");
  Object.assign(Error, { prepareStackTrace: undefined }, before);
  const ours = files
    .map((file) => (file.startsWith("file://") ? fileURLToPath(file) : file))
    .filter((file) => file.startsWith(ROOT) && !file.includes("/node_modules/"))
    .map(named);
  return [...new Set(ours)].filter((file) => !file.startsWith(WATCHER) || file.startsWith(`${WATCHER}flows/`));
}

/** Which of our modules began each piece of asynchronous work: a stack begins anew with each turn of the event loop. */
const causes = new Map<number, readonly string[]>();

/** Begins to remember causes. */
export function rememberCauses(): void {
  const init = (id: number): void => {
    const modules = modulesOnStack();
    causes.set(id, modules.length > 0 ? modules : causesOfNow());
  };
  createHook({ init }).enable();
}

function causesOfNow(): readonly string[] {
  return causes.get(executionAsyncId()) ?? [];
}

/** Our modules that led to here: those on the stack, or those that began what is going on now. */
export function callers(): readonly string[] {
  const modules = modulesOnStack();
  return modules.length > 0 ? modules : causesOfNow();
}
