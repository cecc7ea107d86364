import { OpenError, type OpenedRun, type Policy, type RunScope } from "@weir/gate";
import type { ClaimedRun, Failure } from "@weir/protocol";
import { codeChanged } from "./code-check.ts";
import { sdkEntryOf } from "./sdk-entry.ts";
import { unsignedWork } from "./signed-work.ts";

/** A run that may be started, with the SDK that starts it; or why it may not. */
export type Prepared =
  | { readonly ok: true; readonly run: OpenedRun; readonly sdkEntry: string }
  | { readonly ok: false; readonly failure: Failure };

const refused = (failure: Failure): Prepared => ({ ok: false, failure });

/** All that must hold before anything of a claimed run is started. Each step believes only what the steps before it have shown. */
export async function prepareRun(claimed: ClaimedRun, scope: RunScope, policy: Policy): Promise<Prepared> {
  const unsigned = await unsignedWork(claimed, policy, Date.now());
  if (unsigned !== null) return refused(unsigned);
  const run = await opened(claimed, scope);
  if ("failure" in run) return refused(run.failure);
  const changed = await codeChanged(run.storage);
  if (changed !== null) return refused(changed);
  const entry = sdkEntryOf(run.storage);
  return entry.ok ? { ok: true, run, sdkEntry: entry.path } : refused(entry.failure);
}

/** The claim with all that was sealed in it. */
async function opened(claimed: ClaimedRun, scope: RunScope): Promise<OpenedRun | { failure: Failure }> {
  try {
    return await scope.open(claimed);
  } catch (error) {
    if (!(error instanceof OpenError)) throw error;
    return { failure: { name: "OpenError", message: error.message, code: "SEAL_KEY_MISSING" } };
  }
}
