/**
 * What changes about agents by the minute. Decided by the database's clock, which also wrote last_seen_at. An agent without work asks at
 * least every 30 s (the longest wait of a claim): three missed ones are silence. $1 tenant, $2 agents.
 */
export const AGENT_PRESENCE = `
  select a.id, a.last_seen_at > now() - interval '90 seconds' as online, coalesce(held.runs, 0) as runs
  from agents a
  left join (
    select agent_id, count(*)::int as runs from flow_runs
    where tenant_id = $1 and state in ('Submitted', 'Running', 'Cancelling')
    group by agent_id
  ) held on held.agent_id = a.id
  where a.tenant_id = $1 and a.id = any($2::uuid[])`;
