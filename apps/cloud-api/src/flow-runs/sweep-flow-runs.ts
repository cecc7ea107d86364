import type { Pool } from "pg";
import { endUnheldRun } from "./end-flow-run.ts";
import { leaving } from "./leave-flow-run.ts";
import { freeAllSlots } from "../task-limits/free-slots.ts";
import { grantSlots } from "../task-limits/grant-slots.ts";
import { decideRecovery, type ExpiredRun, type RecoveryRules } from "./recover-flow-run.ts";
import { type FlowRunChange, setFlowRunState } from "./set-flow-run-state.ts";

export interface SweepRules extends RecoveryRules {
  readonly leaseSeconds: number;
}

// By key and not by deadline, so that a page full of runs that another replica is taking care of cannot hide the others.
const EXPIRED = `select r.tenant_id as "tenantId", r.id as "runId", r.flow_id as "flowId", r.state, r.attempt, r.state_version as "stateVersion",
  r.event_number as "eventNumber", r.recoveries, a.name as "agentName", r.order_version as "orderVersion", r.pause_order as "pauseOrder",
  extract(epoch from now() - r.lease_expires_at)::float8 + $1::float8 as "silentSeconds",
  s.max_recoveries as "maxRecoveries", s.recovery_backoff_seconds as "recoveryBackoffSeconds"
from flow_runs r left join agents a on a.tenant_id = r.tenant_id and a.id = r.agent_id
left join flow_settings s on s.tenant_id = r.tenant_id and s.flow_id = r.flow_id
where r.state in ('Submitted', 'Running', 'Cancelling') and r.lease_expires_at < now() and r.id > $2::uuid
order by r.id limit 100`;

const LOWEST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Looks through all runs whose lease has run out, and frees or ends each. Safe on every replica at once: the update checks deadline and
 * version again, so a run whose holder reported in the meantime, or which another replica swept, is left alone. Answers how many it took.
 */
export async function sweepFlowRuns(
  pool: Pool,
  rules: SweepRules,
  onProblem: (runId: string, error: unknown) => void,
): Promise<number> {
  let taken = 0;
  let after = LOWEST_ID;
  for (;;) {
    const { rows } = await pool.query<ExpiredRun>({
      name: "expired-flow-runs",
      text: EXPIRED,
      values: [rules.leaseSeconds, after],
    });
    for (const run of rows) {
      // One run that cannot be swept must not keep the others from it.
      const swept = await sweepOne(pool, run, rules).catch((error: unknown) => (onProblem(run.runId, error), false));
      if (swept) taken += 1;
    }
    const last = rows.at(-1);
    if (last === undefined) return taken;
    after = last.runId;
  }
}

async function sweepOne(pool: Pool, run: ExpiredRun, rules: SweepRules): Promise<boolean> {
  const recovery = decideRecovery(run, rules);
  const change: FlowRunChange =
    "end" in recovery
      ? await endUnheldRun(pool, run, recovery.end)
      : {
          ...leaving(run, recovery.message, false),
          dueInSeconds: recovery.dueInSeconds,
          recoveries: run.recoveries + 1,
        };
  if (!(await setFlowRunState(pool, { ...change, onlyWhenExpired: true }))) return false;
  if (run.orderVersion > 0 && (await freeAllSlots(pool, run))) await grantSlots(pool, run.tenantId);
  return true;
}
