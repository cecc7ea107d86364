import { counts } from "./task-slot.sql.ts";

/** $1 tenant, $2 and $3 tags (both left out) or null, $4 rows */
export const LIMIT_PAGE = (direction: "asc" | "desc") => `
  select tag, slots, changed_at as "changedAt" from task_limits
  where tenant_id = $1 and ($2::text is null or tag > $2) and ($3::text is null or tag < $3)
  order by tag ${direction} limit $4`;

/** Who holds and who waits, by the same rule by which slots are granted. $1 tenant, $2 tags */
export const LIMIT_USE = `
  select s.tag, count(*) filter (where s.granted_at is not null)::int as held, count(*) filter (where s.granted_at is null)::int as waiting
  from task_slots s where s.tenant_id = $1 and s.tag = any ($2::text[]) and ${counts("s")} group by s.tag`;

/** $1 tenant, $2 tags */
export const SLOTS_OF_TAGS = `
  select s.tag, s.flow_run_id as "flowRunId", r.name as "flowRunName", s.number as "taskRunNumber", k.name as task,
    s.asked_at as "askedAt", s.granted_at as "grantedAt"
  from unnest($2::text[]) as wanted(tag)
  cross join lateral (
    select * from task_slots s where s.tenant_id = $1 and s.tag = wanted.tag and ${counts("s")}
    order by s.granted_at is null, s.position limit 100
  ) s
  join flow_runs r on r.tenant_id = s.tenant_id and r.id = s.flow_run_id
  left join task_runs t on t.tenant_id = s.tenant_id and t.flow_run_id = s.flow_run_id and t.number = s.number
  left join tasks k on k.tenant_id = t.tenant_id and k.id = t.task_id
  order by s.tag, s.granted_at is null, s.position`;
