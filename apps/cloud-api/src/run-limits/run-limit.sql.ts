/**
 * How many runs with each label are held at this moment, counted from their leases: no counter can drift from what is true. A lease that has run
 * out counts until the sweeper takes it, since its holder may only be late. $1 tenant
 */
export const HELD_BY_LABEL = `
    select label, count(distinct r.id)::int as runs from flow_runs r cross join unnest(r.labels) as label
    where r.tenant_id = $1::uuid and r.state in ('Submitted', 'Running', 'Cancelling') group by label`;

/** $1 tenant, $2 and $3 labels (both left out) or null, $4 rows */
export const RUN_LIMIT_PAGE = (direction: "asc" | "desc") => `
  select label, slots, changed_at as "changedAt" from run_limits
  where tenant_id = $1 and ($2::text is null or label > $2) and ($3::text is null or label < $3)
  order by label ${direction} limit $4`;

const WAITING_MOST = 10_000;

/** Who holds, and how many wait though they are due (counted up to ${WAITING_MOST}). $1 tenant, $2 labels */
export const RUN_LIMIT_USE = `
  select w.label, coalesce(h.runs, 0) as held, waiting.n as waiting
  from unnest($2::text[]) as w(label)
  left join (${HELD_BY_LABEL}) h on h.label = w.label
  cross join lateral (
    select count(*)::int as n from (
      select from flow_runs r where r.tenant_id = $1::uuid and r.state in ('Scheduled', 'Resume', 'Retrying')
        and r.scheduled_start_time <= now() and r.labels @> array[w.label]
      limit ${WAITING_MOST}) due
  ) waiting`;

/** $1 tenant, $2 labels */
export const HOLDERS_OF_LABELS = `
  select w.label, r.id as "flowRunId", r.name as "flowRunName", a.name as agent
  from unnest($2::text[]) as w(label)
  cross join lateral (
    select r.id, r.name, r.agent_id from flow_runs r
    where r.tenant_id = $1::uuid and r.state in ('Submitted', 'Running', 'Cancelling') and r.labels @> array[w.label]
    order by r.id limit 100
  ) r
  left join agents a on a.tenant_id = $1::uuid and a.id = r.agent_id
  order by w.label, r.id`;
