/** The flow of a version, held like a registration holds it: whoever changes which version runs does so one after the other. $1 tenant, $2 version */
export const LOCK_FLOW_OF_VERSION = `
  select f.id from flows f
  where f.tenant_id = $1 and f.id = (select flow_id from flow_versions where tenant_id = $1 and id = $2)
  for no key update`;

/** What runs: the newest that is not archived. $1 tenant, $2 flow */
export const CURRENT_VERSION = `
  select id, schedules from flow_versions
  where tenant_id = $1 and flow_id = $2 and archived_at is null
  order by number desc limit 1`;

/** $1 tenant, $2 version, $3 whether it is to be archived */
export const SET_ARCHIVED = `
  update flow_versions set archived_at = case when $3 then coalesce(archived_at, now()) end where tenant_id = $1 and id = $2`;

/** One page of versions for each of many flows. $1 tenant, $2 flows, $3 and $4 numbers, both left out, $5 rows */
export const VERSION_PAGES = (direction: "asc" | "desc") => `
  select v.id, v.flow_id as "flowId", v.number from unnest($2::uuid[]) flow(id)
  cross join lateral (
    select id, flow_id, number from flow_versions
    where tenant_id = $1 and flow_id = flow.id and number > $3 and number < $4
    order by number ${direction} limit $5
  ) v
  order by v.number ${direction}`;
