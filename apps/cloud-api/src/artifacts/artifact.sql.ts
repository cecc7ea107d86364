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

/**
 * The newest artifact of each name of a tenant, by name. Names are found one after the other in the index, so that the older artifacts of each
 * are not read. Newest is what the youngest run made last.
 * $1 tenant, $2 and $3 names (both left out) or null, $4 rows, $5 the name or null, $6 the kind or null, $7 flows or null
 */
export const NEWEST_ARTIFACTS = (direction: "asc" | "desc") => {
  const next = (than: string) => `
    select name from artifacts
    where tenant_id = $1 and ($2::text is null or name > $2) and ($3::text is null or name < $3) and ($5::text is null or name = $5)${than}
    order by name ${direction} limit 1`;
  return `
  with recursive names as (
    (${next("")})
    union all
    select (${next(` and name ${direction === "asc" ? ">" : "<"} names.name`)}) from names where names.name is not null
  )
  select newest.* from names
  cross join lateral (
    select a.flow_run_id as "flowRunId", a.name, a.kind, a.data, a.at, a.task_run_number as "taskRunNumber"
    from artifacts a
    where a.tenant_id = $1 and a.name = names.name and ($6::artifact_kind is null or a.kind = $6)
      and ($7::uuid[] is null or exists (
        select from flow_runs r where r.tenant_id = $1 and r.id = a.flow_run_id and r.flow_id = any ($7)))
    order by a.flow_run_id desc, a.attempt desc, a.number desc
    limit 1
  ) newest
  limit $4`;
};

/** $1 tenant, $2 name of a flow or null, $3 name of a project or null */
export const FLOWS_BY_NAME = `
  select f.id from flows f join projects p on p.tenant_id = f.tenant_id and p.id = f.project_id
  where f.tenant_id = $1 and ($2::text is null or f.name = $2) and ($3::text is null or p.name = $3)`;
