import { createApiKey, createSecrets } from "@weir/cloud-api";
import { makeId } from "@weir/protocol";
import type pg from "pg";

/** Whose runs are claimed and reported. */
export interface LoadedTenant {
  readonly tenantId: string;
  readonly flowId: string;
  readonly versionId: string;
  readonly agentKey: string;
}

/** A tenant with one flow, and a key for agents. */
export async function makeTenant(pool: pg.Pool, secret: string, name = "loaded"): Promise<LoadedTenant> {
  const [tenantId, projectId, flowId, versionId] = [makeId(), makeId(), makeId(), makeId()];
  await pool.query("insert into tenants (id, name) values ($1, $2)", [tenantId, name]);
  await pool.query("insert into projects (id, tenant_id, name) values ($1, $2, 'default')", [projectId, tenantId]);
  await pool.query("insert into flows (id, tenant_id, project_id, name) values ($1, $2, $3, 'flow')", [
    flowId,
    tenantId,
    projectId,
  ]);
  await pool.query(
    `insert into flow_versions (id, tenant_id, flow_id, number, content_digest, labels, tasks, storage, sdk_version)
     values ($1, $2, $3, 1, '', '{}', '[]', '{"kind":"local","directory":"/flows","entry":"f.ts","codeDigest":"0","files":[]}', '0.1.0')`,
    [versionId, tenantId, flowId],
  );
  const { key } = await createApiKey(pool, createSecrets(secret), { tenantId, scope: "agent", name: "agent" });
  return { tenantId, flowId, versionId, agentKey: key };
}

/** Runs whose time has come. */
export async function makeRuns(
  pool: pg.Pool,
  { tenantId, flowId, versionId }: LoadedTenant,
  count: number,
  labels: readonly string[] = [],
) {
  await pool.query(
    `with run as (
       insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time)
       select uuidv7(), $1, $2, $3, 'run', '{}', $5, 'Scheduled', now() from generate_series(1, $4::int) returning tenant_id, id)
     insert into flow_run_states (tenant_id, flow_run_id, version, attempt, state, at) select tenant_id, id, 1, 0, 'Scheduled', now() from run`,
    [tenantId, flowId, versionId, count, labels],
  );
}

/** Ends what was claimed and is not to be reported. */
export async function endRuns(pool: pg.Pool, { tenantId }: Pick<LoadedTenant, "tenantId">): Promise<void> {
  await pool.query(
    "update flow_runs set state = 'Cancelled', lease_expires_at = null where tenant_id = $1 and state in ('Submitted', 'Running')",
    [tenantId],
  );
}
