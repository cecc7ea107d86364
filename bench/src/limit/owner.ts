import type pg from "pg";

/** Whom the rows of the limit belong to. */
export interface Owner {
  readonly tenantId: string;
  readonly taskId: number;
  readonly flowRunIds: readonly string[];
}

// Finished, so that no agent claims it. Postgres 18 makes the UUIDv7 that the partitions need.
const FLOW_RUN = `
  insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time)
  select uuidv7(), tenant_id, flow_id, id, 'plain SQL', '{}', '{}', 'Success', now() from flow_versions limit 1
  returning id, tenant_id, flow_id`;

const TASK = `
  insert into tasks (tenant_id, flow_id, name) values ($1, $2, 'plain SQL')
  on conflict (tenant_id, flow_id, name) do update set name = excluded.name returning id`;

/** Makes flow runs for the rows to belong to, of any flow that is registered. */
export async function makeOwner(pool: pg.Pool, flowRuns: number): Promise<Owner> {
  const made: { id: string; tenant_id: string; flow_id: string }[] = [];
  for (let index = 0; index < flowRuns; index += 1) made.push(...(await pool.query<(typeof made)[0]>(FLOW_RUN)).rows);
  const [first] = made;
  if (first === undefined)
    throw new Error("No flow is registered, so the plain-SQL limit has no flow run to write for.");
  const task = await pool.query<{ id: number }>(TASK, [first.tenant_id, first.flow_id]);
  return { tenantId: first.tenant_id, taskId: task.rows[0]?.id ?? 0, flowRunIds: made.map(({ id }) => id) };
}
