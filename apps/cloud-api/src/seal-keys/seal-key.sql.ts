import { LIMITS } from "@weir/protocol";

export const SEAL_KEY_COLUMNS = { id: "text", key: "text" } as const;

/**
 * The part of a report's statement that keeps the keys of what it holds sealed, in the same transaction. The gate adds the attempt's key to
 * every report that needs it, so that none is lost with a report that was: all but the first find it there.
 */
export const keepSealKeys = (rows: string) => `
  insert into flow_run_seal_keys (tenant_id, flow_run_id, id, attempt, key)
  select $2, $1, u.id, $3, u.key from run, ${rows}
  on conflict (flow_run_id, id) do nothing`;

/**
 * Keys of many runs, the newest attempts first: as many of each as one message may carry, whatever a runner has stored.
 * `is true` keeps the tenant from being an index condition: see claim-flow-runs.sql.ts on young tenants. $1 tenant, $2 flow runs
 */
export const SEAL_KEYS_OF_RUNS = `select r.id as "runId", k.id, k.key from unnest($2::uuid[]) as r(id)
cross join lateral (
  select s.id, s.key from flow_run_seal_keys s
  where s.flow_run_id = r.id and (s.tenant_id = $1::uuid) is true
  order by s.attempt desc, s.id limit ${LIMITS.sealKeys}
) k`;

/** Certain keys of many runs. $1 tenant, $2 flow runs, $3 ids of keys */
export const SEAL_KEYS_BY_ID = `select s.id, s.key from flow_run_seal_keys s
where s.flow_run_id = any ($2::uuid[]) and s.id = any ($3::text[]) and (s.tenant_id = $1::uuid) is true
limit ${LIMITS.sealKeys}`;
