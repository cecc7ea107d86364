import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const OWN_FRAME = new URL("../", import.meta.url).href;

/** The first place in the user's own code that a stack names: `/flows/report.ts:12:5`. */
function placeIn(stack: string): string | null {
  for (const line of stack.split("\n")) {
    const [, url = "", position = ""] = /(file:\/\/\S+?)((?::\d+){1,2})\)?$/.exec(line.trimEnd()) ?? [];
    if (url === "" || url.includes("/node_modules/") || url.startsWith(OWN_FRAME)) continue;
    return fileURLToPath(url) + position;
  }
  return null;
}

function reason(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${String(error)}`;
}

/** Says why a flow's file cannot be loaded: the user's own error and where in the user's code it is. Never a stack. */
export function loadProblem(file: string, error: unknown): string {
  if (!existsSync(file)) return `There is no file ${file}. Check the path, or bring the flow's code to this machine.`;
  const place = error instanceof Error && typeof error.stack === "string" ? placeIn(error.stack) : null;
  return `The file ${file} does not load. ${reason(error)}${place === null ? "" : ` (${place})`}`;
}
