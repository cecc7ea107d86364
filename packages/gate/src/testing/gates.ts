import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BoundaryClasses, type DataClass, DEFAULT_ACTIONS, type Report, type RunEvent } from "@weir/protocol";
import { generateSealKey, Keyring, type PrivateJwk } from "@weir/protocol/seal";
import { onTestFinished } from "vitest";
import { createGate, type Gate } from "../gate.ts";
import type { GateOptions } from "../gate-options.ts";
import { DEFAULT_POLICY, type Origin, type Policy } from "../policy/policy.ts";
import type { RunFacts, RunScope } from "../run-scope.ts";

export const RUN_ID = "0198c0de-0000-7000-8000-000000000001";

/** A policy that says so of some classes, and more of one task. */
export function policyOf(
  classes: BoundaryClasses,
  more: Partial<Policy> = {},
  ofTasks: Record<string, BoundaryClasses> = {},
): Policy {
  const actionFor = (dataClass: DataClass, { task }: Origin) => {
    const own = task === undefined ? undefined : ofTasks[task]?.[dataClass];
    return own ?? classes[dataClass] ?? DEFAULT_ACTIONS[dataClass];
  };
  return { ...DEFAULT_POLICY, actionFor, knowsTasks: Object.keys(ofTasks).length > 0, ...more };
}

/** A directory that goes with the test. */
export async function ownDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir-gate-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A gate with a directory and an inside key of its own. */
export interface Side {
  readonly gate: Gate;
  readonly scope: RunScope;
  readonly inside: PrivateJwk;
  readonly keyring: Keyring;
  readonly errorsDirectory: string;
  readonly dictionaryDirectory: string;
  /** The report as it would leave, as text. */
  readonly reportText: (...events: RunEvent[]) => Promise<string>;
  readonly report: (...events: RunEvent[]) => Promise<Report>;
}

export async function makeSide(
  policy: Policy,
  options: Partial<GateOptions> = {},
  facts: Partial<RunFacts> = {},
): Promise<Side> {
  const directory = await ownDirectory();
  const inside = await generateSealKey();
  const errorsDirectory = join(directory, "errors");
  const dictionaryDirectory = join(directory, "locations");
  const own = { errorsDirectory, dictionaryDirectory, insideKeys: [inside] };
  const gate = createGate({ ledgerFile: null, hmacKey: Buffer.alloc(32, 7), policy, ...own, ...options });
  onTestFinished(() => gate.close());
  const scope = gate.openRun({ runId: RUN_ID, attempt: 1, project: "p", flow: "f", requests: [], ...facts });
  const reportText = async (...events: RunEvent[]) =>
    (await gate.pass("report", { attempt: 1, first: 1, events }, { scope })).body;
  const report = async (...events: RunEvent[]) => JSON.parse(await reportText(...events)) as Report;
  const keyring = new Keyring([inside]);
  return { gate, scope, inside, keyring, errorsDirectory, dictionaryDirectory, reportText, report };
}
