import { createRequire } from "node:module";
import { join } from "node:path";
import type { Failure, FlowStorage } from "@weir/protocol";
import { staysBelow } from "./code-check.ts";

/** The child's entry as the user's installed SDK exports it. */
const CHILD_ENTRY = "@weir/sdk/child";

/** Where a flow's child process begins. */
export type SdkEntry = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly failure: Failure };

/** Finds the SDK that the flow itself would import: the user's copy, beside the user's code, and no other. */
export function sdkEntryOf(storage: FlowStorage): SdkEntry {
  const file = join(storage.directory, storage.entry);
  try {
    if (!staysBelow(storage.entry)) throw new Error("the entry leaves the directory");
    return { ok: true, path: createRequire(file).resolve(CHILD_ENTRY) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason =
      code === "MODULE_NOT_FOUND"
        ? "no @weir/sdk is installed there. Run `npm install @weir/sdk` in that directory"
        : `@weir/sdk cannot be used there (${code ?? String(error)}). Install a current version of it in that directory`;
    const message = `The flow in ${storage.directory} (${storage.entry}) cannot be started: ${reason}.`;
    return { ok: false, failure: { name: "FlowNotLoaded", message, code: "FLOW_NOT_LOADED" } };
  }
}
