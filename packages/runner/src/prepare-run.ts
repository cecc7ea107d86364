import { OpenError, type OpenedRun, type Policy, type RunScope } from "@weir/gate";
import type { ClaimedRun, Failure, LocalStorage } from "@weir/protocol";
import { codeNotAllowed } from "./code-allowed.ts";
import { codeChanged } from "./code-check.ts";
import { sdkEntryOf } from "./sdk-entry.ts";
import { unsignedWork } from "./signed-work.ts";
import { localCode } from "./stored-code.ts";

/** An opened run whose code lies on this machine. */
export type LocalRun = Omit<OpenedRun, "storage"> & { readonly storage: LocalStorage };

/** A run that may be started, with the SDK that starts it; or why it may not. */
export type Prepared =
  | { readonly ok: true; readonly run: LocalRun; readonly sdkEntry: string }
  | { readonly ok: false; readonly failure: Failure };

const refused = (failure: Failure): Prepared => ({ ok: false, failure });

/** All that must hold before anything of a claimed run is started. Each step believes only what the steps before it have shown. */
export async function prepareRun(
  claimed: ClaimedRun,
  scope: RunScope,
  {
    policy,
    ...code
  }: { readonly policy: Policy; readonly codeDirectory: string | null; readonly codeGroup: number | null },
): Promise<Prepared> {
  const unsigned = await unsignedWork(claimed, policy, Date.now());
  if (unsigned !== null) return refused(unsigned);
  const run = await opened(claimed, scope);
  if ("failure" in run) return refused(run.failure);
  const notAllowed = codeNotAllowed(run.storage, policy.codeDirectories);
  if (notAllowed !== null) return refused(notAllowed);
  const storage = await localCode(run.storage, code.codeDirectory, code.codeGroup);
  if ("failure" in storage) return refused(storage.failure);
  const changed = await codeChanged(storage);
  if (changed !== null) return refused(changed);
  const entry = sdkEntryOf(storage);
  return entry.ok ? { ok: true, run: { ...run, storage }, sdkEntry: entry.path } : refused(entry.failure);
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
