import { isHeld, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { requireFlowRun } from "./read-flow-run.ts";
import type { Reporter } from "./report-events.ts";

/** @throws Refusal STALE_ATTEMPT unless the attempt holds the run now; NOT_FOUND */
export async function requireLiveAttempt(pool: Pool, { tenantId, runId, attempt }: Reporter): Promise<void> {
  const run = await requireFlowRun(pool, tenantId, runId);
  if (run.attempt === attempt && isHeld(run.state)) return;
  throw new Refusal(
    "STALE_ATTEMPT",
    `Attempt ${attempt} of flow run ${runId} no longer holds it: the run is ${run.state}, attempt ${run.attempt}. Stop working on it.`,
  );
}
