import type { RunFacts } from "@weir/gate";
import type { ClaimedRun } from "@weir/protocol";

/** What the gate must know of a claimed run. */
export function factsOf({ runId, attempt, project, flow, boundary, known }: ClaimedRun): RunFacts {
  const requests = boundary === undefined ? [] : [boundary];
  const facts = { runId, attempt, project, flow, requests };
  if (known.length === 0) return facts;
  return { ...facts, tasks: Object.fromEntries(known.map(({ number, task }) => [String(number), task])) };
}
