import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Failure, LocalStorage } from "@weir/protocol";
import { staysBelow } from "./code-check.ts";

const SDK = "@weir/sdk";
/** The child's entry among the SDK's exports. */
const CHILD_EXPORT = "./child";

/** Where a flow's child process begins. */
export type SdkEntry = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly failure: Failure };

interface Manifest {
  readonly name?: unknown;
  readonly exports?: unknown;
}

function manifestIn(directory: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
  } catch {
    return null;
  }
}

// Not require.resolve: Node remembers what it resolved for as long as the process lives, and an agent lives through many updates of the SDK.
/** The SDK that a module in this directory would import: beside it or further up, or the package that it is itself part of. */
function sdkAbove(start: string): { directory: string; manifest: Manifest } | null {
  for (let at = start; ; at = dirname(at)) {
    for (const directory of [join(at, "node_modules", SDK), at]) {
      const manifest = manifestIn(directory);
      if (manifest?.name === SDK) return { directory, manifest };
    }
    if (dirname(at) === at) return null;
  }
}

/** Conditions that Node itself was started with: `-C name`, `--conditions=name`. */
function ownConditions(execArgv: readonly string[]): string[] {
  return execArgv.flatMap((argument, i) => {
    const [, name] = /^(?:-C|--conditions)=(.+)$/.exec(argument) ?? [];
    if (name !== undefined) return [name];
    const next = execArgv[i + 1];
    return (argument === "-C" || argument === "--conditions") && next !== undefined ? [next] : [];
  });
}

function targetOf(exported: unknown, conditions: ReadonlySet<string>): string | null {
  if (typeof exported === "string") return exported;
  if (typeof exported !== "object" || exported === null) return null;
  for (const [condition, inner] of Object.entries(exported)) {
    const target = conditions.has(condition) ? targetOf(inner, conditions) : null;
    if (target !== null) return target;
  }
  return null;
}

function find(storage: LocalStorage): { path: string } | { reason: string } {
  if (!staysBelow(storage.entry)) return { reason: "its entry leaves the directory" };
  const sdk = sdkAbove(realpathSync(dirname(join(storage.directory, storage.entry))));
  if (sdk === null) return { reason: "no @weir/sdk is installed there. Run `npm install @weir/sdk` in that directory" };
  const conditions = new Set(["node", "import", "default", ...ownConditions(process.execArgv)]);
  const exported = (sdk.manifest.exports as Record<string, unknown> | undefined)?.[CHILD_EXPORT];
  const target = targetOf(exported, conditions);
  if (target === null)
    return {
      reason: `the @weir/sdk in ${sdk.directory} has no entry for flow processes. Install a current version of it`,
    };
  return { path: realpathSync(join(sdk.directory, target)) };
}

/** Finds the SDK that the flow itself would import: the user's copy, beside the user's code, and no other. */
export function sdkEntryOf(storage: LocalStorage): SdkEntry {
  let found: { path: string } | { reason: string };
  try {
    found = find(storage);
  } catch (error) {
    found = { reason: `its @weir/sdk cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})` };
  }
  if ("path" in found) return { ok: true, path: found.path };
  const message = `The flow in ${storage.directory} (${storage.entry}) cannot be started: ${found.reason}.`;
  return { ok: false, failure: { name: "FlowNotLoaded", message, code: "FLOW_NOT_LOADED" } };
}
