/** The newest of each name counts. At most 100 names a run: an artifact holds up to 256 KiB. $1 tenant, $2 flow runs. */
export const ARTIFACTS = `
  select a.* from unnest($2::uuid[]) run(id)
  cross join lateral (
    select distinct on (a.name) a.flow_run_id as "flowRunId", a.name, a.kind, a.data, a.at, a.task_run_number as "taskRunNumber"
    from artifacts a
    where a.tenant_id = $1 and a.flow_run_id = run.id
    order by a.name, a.attempt desc, a.number desc
    limit 100
  ) a
  order by a."flowRunId", a.name`;
