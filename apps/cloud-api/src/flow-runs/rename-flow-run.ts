import { isClaimable, LIMITS, Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { checkedName } from "../graphql/checked-name.ts";
import { requireFlowRun } from "./read-flow-run.ts";

interface Which {
  readonly tenantId: string;
  readonly id: string;
}

// `is true` keeps the tenant from being an index condition: see claim-flow-runs.sql.ts on young tenants.
const RENAME = `with run as (
  update flow_runs set name = $3 where id = $2 and (tenant_id = $1) is true returning id
)
select pg_notify('weir_run', id::text) from run`;

// The state is looked at in the statement itself: a claim that comes at the same moment has the labels of before, or waits for these.
const SET_LABELS = `with run as (
  update flow_runs set labels = $3 where id = $2 and (tenant_id = $1) is true and state in ('Scheduled', 'Resume', 'Retrying', 'Paused')
  returning id, tenant_id
)
select pg_notify('weir_work', tenant_id::text), pg_notify('weir_run', id::text) from run`;

/**
 * Gives a run another name, in whatever state. Its agent calls it by the old one until it is claimed again.
 * @throws Refusal NOT_FOUND
 */
export async function renameFlowRun(pool: Pool, { tenantId, id, name }: Which & { name: string }): Promise<void> {
  const { rowCount } = await pool.query(RENAME, [tenantId, id, name]);
  if (rowCount === 0) await requireFlowRun(pool, tenantId, id);
}

/**
 * Says which labels an agent must have to claim a run that waits. Agents that have them hear of it at once.
 * @throws Refusal NOT_FOUND; INVALID; CONFLICT when the run is held, or over
 */
export async function setFlowRunLabels(
  pool: Pool,
  { tenantId, id, labels }: Which & { labels: readonly string[] },
): Promise<void> {
  if (labels.length > LIMITS.labels)
    throw new Refusal("INVALID", `The run has ${labels.length} labels; the most is ${LIMITS.labels}.`);
  const checked = labels.map((label) => checkedName("a label", label));
  const { rowCount } = await pool.query(SET_LABELS, [tenantId, id, checked]);
  if (rowCount === 1) return;
  const { state } = await requireFlowRun(pool, tenantId, id);
  const why = isClaimable(state)
    ? "changes at this moment; try again"
    : `is ${state}, so no agent looks for it by labels`;
  throw new Refusal("CONFLICT", `Flow run ${id} ${why}. Labels are set while a run waits.`);
}
