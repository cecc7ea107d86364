import { isId } from "@weir/protocol";
import type { Pool } from "pg";

type Args = Readonly<Record<string, unknown>>;

/** The row that a mutation changes. */
interface ChangedRow {
  readonly table: string;
  /** `$1` is the tenant; the others are `values`. */
  readonly where: string;
  /** Null where the arguments name nothing that could be a row. */
  readonly values: (args: Args) => readonly unknown[] | null;
}

const byId = (table: string, name = "id"): ChangedRow => ({
  table,
  where: "id = $2",
  values: ({ [name]: id }) => (typeof id === "string" && isId(id) ? [id] : null),
});
const byName = (table: string, column: string, name = column): ChangedRow => ({
  table,
  where: `${column} = $2`,
  values: ({ [name]: value }) => (typeof value === "string" ? [value] : null),
});
const ofTenant = (table: string): ChangedRow => ({ table, where: "true", values: () => [] });

const FLOW_SETTINGS: ChangedRow = {
  table: "flow_settings",
  where: `flow_id = (select f.id from flows f join projects p on p.id = f.project_id and p.tenant_id = f.tenant_id
    where f.tenant_id = $1 and p.name = $2 and f.name = $3)`,
  values: ({ project, flow }) => [project, flow],
};
const TASK_RUN: ChangedRow = {
  table: "task_runs",
  where: "flow_run_id = $2 and number = $3",
  values: ({ flowRunId, number }) => (typeof flowRunId === "string" && isId(flowRunId) ? [flowRunId, number] : null),
};

/** Of each mutation the row whose digests, before and after, stand in its entry of the audit log; null: none, for a reason. */
export const CHANGED_ROWS: Readonly<Record<string, ChangedRow | null>> = {
  approveTaskRun: TASK_RUN,
  archiveFlowVersion: byId("flow_versions"),
  cancelFlowRun: byId("flow_runs"),
  // Many runs: the digest of the request says which.
  cancelFlowRuns: null,
  changeMemberRole: byId("memberships"),
  changeRole: byId("roles"),
  createApiKey: byId("api_keys"),
  // Made often, and changed by its agent from then on: the digest of the request says what was asked for.
  createFlowRun: null,
  createProject: byId("projects"),
  createRole: byName("roles", "name"),
  createServiceAccount: byId("service_accounts"),
  deleteFlow: byId("flows"),
  deleteKv: byName("kv_entries", "key"),
  deleteProject: byName("projects", "name"),
  deleteRole: byId("roles"),
  deleteRunLimit: byName("run_limits", "label"),
  deleteServiceAccount: byId("service_accounts"),
  deleteTaskLimit: byName("task_limits", "tag"),
  // Many rows of many tables; its answer counts them.
  eraseHoldings: null,
  inviteMember: byId("invitations"),
  moveFlow: byId("flows"),
  pauseAgent: byName("agents", "name"),
  pauseFlowRun: byId("flow_runs"),
  pauseQueue: ofTenant("queue_pauses"),
  // Versions are never changed: the answer names the one that the registration is.
  registerFlow: null,
  removeIdentityProvider: ofTenant("identity_providers"),
  removeMember: byId("memberships"),
  renameFlowRun: byId("flow_runs"),
  renameProject: byName("projects", "name", "project"),
  restartFlowRun: byId("flow_runs"),
  restartFlowRuns: null,
  resumeAgent: byName("agents", "name"),
  resumeFlowRun: byId("flow_runs"),
  resumeQueue: ofTenant("queue_pauses"),
  revokeApiKey: byId("api_keys"),
  revokeInvitation: byId("invitations"),
  rotateApiKey: byId("api_keys"),
  setFlowRunLabels: byId("flow_runs"),
  setFlowRunState: byId("flow_runs"),
  setFlowSettings: FLOW_SETTINGS,
  setIdentityProvider: ofTenant("identity_providers"),
  setKv: byName("kv_entries", "key"),
  setRunLimit: byName("run_limits", "label"),
  setScheduleActive: byId("schedules"),
  setTaskLimit: byName("task_limits", "tag"),
  unarchiveFlowVersion: byId("flow_versions"),
};

/** Written by whoever counts requests, and by agents that are heard of. */
const NOT_OF_ACTIONS = ["last_seen_at", "last_used_at", "last_used_from"];

/**
 * Reads the row that a mutation changes, in the scope of the tenant that asks; null when there is none, or the mutation has no such row.
 * @param args of the mutation; what is in `input` counts as if it stood beside it
 */
export async function readChangedRow(pool: Pool, tenantId: string, action: string, args: Args): Promise<unknown> {
  const changed = CHANGED_ROWS[action];
  const values = changed?.values({ ...args, ...(args.input as Args | undefined) });
  if (!changed || !values) return null;
  const { rows } = await pool.query<{ row: unknown }>(
    `select to_jsonb(t) - $${values.length + 2}::text[] as row from ${changed.table} t where tenant_id = $1 and ${changed.where}`,
    [tenantId, ...values, NOT_OF_ACTIONS],
  );
  return rows[0]?.row ?? null;
}
