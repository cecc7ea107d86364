import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import type { RunView } from "./run-view.ts";

// `is true` keeps the tenant from being an index condition: see claim-flow-runs.sql.ts on young tenants.
const SQL = `select r.tenant_id as "tenantId", r.id as "runId", r.flow_id as "flowId", r.state, r.attempt, r.state_version as "stateVersion",
  r.event_number as "eventNumber", r.recoveries, a.name as "agentName", r.order_version as "orderVersion", r.pause_order as "pauseOrder"
from flow_runs r left join agents a on a.tenant_id = r.tenant_id and a.id = r.agent_id
where (r.tenant_id = $1) is true and r.id = $2`;

/** A flow run of the tenant, or null. */
export async function readFlowRun(pool: Pool, tenantId: string, runId: string): Promise<RunView | null> {
  const { rows } = await pool.query<RunView>({ name: "read-flow-run", text: SQL, values: [tenantId, runId] });
  return rows[0] ?? null;
}

/** @throws Refusal NOT_FOUND */
export async function requireFlowRun(pool: Pool, tenantId: string, runId: string): Promise<RunView> {
  const run = await readFlowRun(pool, tenantId, runId);
  if (run === null)
    throw new Refusal("NOT_FOUND", `There is no flow run ${runId}. Look it up with \`weir runs list\`.`);
  return run;
}
