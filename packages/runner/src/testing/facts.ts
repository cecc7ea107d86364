import { createGate, type RunFacts, type RunScope } from "@weir/gate";
import { makeId } from "@weir/protocol";

/** What the gate must know of some run. */
export function someFacts(runId = makeId()): RunFacts {
  return { runId, attempt: 1, project: "default", flow: "f", requests: [] };
}

/** A scope under the default policy. */
export function someScope(): RunScope {
  return createGate({ ledgerFile: null, hmacKey: Buffer.alloc(32, 1) }).openRun(someFacts());
}
