import { HELD_BY_LABEL } from "../run-limits/run-limit.sql.ts";

// One statement claims: Scheduled → Submitted, attempt + 1, agent, lease deadline and history row, together or not at all.
//
// The race: any number of agents on any number of replicas claim at the same moment. `for update skip locked` gives each run to one of
// them, and under the lock Postgres checks the conditions again on the newest version of the row, so a run that was claimed or cancelled
// a moment before is left out. Labels and projects stand before the limit: nothing can starve behind runs that this agent may not take.
//
// Only `due` names the tenant. The rest goes by primary key, and composite foreign keys make sure that it is the same tenant's: for a tenant
// that is younger than the table's statistics the planner took "tenant_id = $1" for as narrow as the key, and read all of the tenant's
// runs for each claim (9,000 rows, 5 ms, measured).
//
// A person's pause, of the tenant's queue or of the agent, and limits on runs with a label are looked at in the same statement (`gate`). A tenant
// without limits pays three look-ups in tables that are all but empty. Where there are limits this claims nothing and says so, and
// CLAIM_WITHIN_LIMITS is asked under the tenant's lock: see run-limits/run-limit.sql.ts.
//
// $1 tenant, $2 agent, $3 labels of the agent, $4 project names or null, $5 room, $6 lease seconds
export const CLAIM_FLOW_RUNS = claim(`due as materialized (
  select r.id from flow_runs r
  where (select not limited and not paused from gate)
    and ${mayBeTaken("r")}
  order by r.scheduled_start_time, r.id
  limit $5::int4
  for update of r skip locked
)`);

/**
 * As CLAIM_FLOW_RUNS, for a tenant that has limits on runs. Whoever asks holds the lock "run limits" of the tenant: nobody else of it claims at
 * this moment, and all that was claimed before is seen.
 *
 * A run of a label that is full stands aside before the limit of rows, so that it holds up nobody. Of the rows that are left, each takes a place
 * in the queue of each of its limited labels; those are claimed that are within what is free of all of them. Who is left out because
 * another of the same claim took the last slot is looked at again by the next claim.
 */
export const CLAIM_WITHIN_LIMITS = claim(`room as materialized (
  select l.label, l.slots - coalesce(h.runs, 0) as free
  from run_limits l left join (${HELD_BY_LABEL}) h on h.label = l.label
  where l.tenant_id = $1::uuid
),
front as materialized (
  select r.id, r.scheduled_start_time, r.labels from flow_runs r
  where (select not paused from gate)
    and ${mayBeTaken("r")}
    and not r.labels && (select coalesce(array_agg(label), '{}') from room where free <= 0)
  order by r.scheduled_start_time, r.id
  limit $5::int4
  for update of r skip locked
),
due as (
  select id from front where id not in (
    select w.id from (
      select f.id, room.free, row_number() over (partition by room.label order by f.scheduled_start_time, f.id) as place
      from front f join room on room.label = any (f.labels)) w
    where w.place > w.free)
)`);

const WAITS = "tenant_id = $1::uuid and state in ('Scheduled', 'Resume', 'Retrying')";

function mayBeTaken(r: string): string {
  return `${r}.tenant_id = $1::uuid
    and ${r}.state in ('Scheduled', 'Resume', 'Retrying')
    and ${r}.scheduled_start_time <= now()
    and ${r}.labels <@ $3::text[]
    and ($4::text[] is null or ${r}.flow_id in (
      select f.id from flows f join projects p on p.tenant_id = f.tenant_id and p.id = f.project_id
      where f.tenant_id = $1::uuid and p.name = any ($4::text[])))`;
}

/** Claims what `due` names. Always one row or more: what stood in the way, and beside it nothing or a run. */
function claim(due: string): string {
  return `with gate as materialized (
  select exists (select from run_limits where tenant_id = $1::uuid) as limited, agent_paused as "agentPaused",
    agent_paused or exists (select from queue_pauses where tenant_id = $1::uuid) as paused
  from (select exists (select from agents where tenant_id = $1::uuid and id = $2::uuid and paused_at is not null) as agent_paused) a
),
${due},
claimed as (
  update flow_runs r set
    state = 'Submitted', state_version = r.state_version + 1, attempt = r.attempt + 1, event_number = 0,
    order_version = 0,
    agent_id = $2::uuid, lease_expires_at = now() + $6::float8 * interval '1 second'
  where r.id = any (array(select id from due))
  returning r.*
),
history as (
  insert into flow_run_states (tenant_id, flow_run_id, version, attempt, state, at, message)
  select c.tenant_id, c.id, c.state_version, c.attempt, 'Submitted', now(), 'claimed by agent ' || coalesce(a.name, $2::text)
  from claimed c left join agents a on a.id = $2::uuid and a.tenant_id = c.tenant_id
)
select g.limited, g."agentPaused", c.id as "runId", c.name as "runName", c.attempt, p.name as project, f.name as flow,
  v.number as "flowVersion", v.storage,
  c.parameters, c.labels, c.flow_id as "flowId", c.state_version as "stateVersion", c.recoveries, a.name as "agentName",
  c.order_version as "orderVersion", c.pause_order as "pauseOrder",
  c.boundary as "runBoundary", v.boundary as "versionBoundary", v.signature, c.parameters_signature as "parametersSignature",
  (select s.name from schedule_slots x join schedules s on s.id = x.schedule_id
   where x.tenant_id = c.tenant_id and x.flow_run_id = c.id) as schedule,
  (extract(epoch from c.scheduled_start_time) * 1000)::float8 as "scheduledStartTime",
  (extract(epoch from c.created_at) * 1000)::float8 as "createdAt"
from gate g
left join (claimed c
  join flows f on f.id = c.flow_id
  join projects p on p.id = f.project_id
  join flow_versions v on v.id = c.flow_version_id) on true
left join agents a on a.id = $2::uuid
order by c.scheduled_start_time, c.id`;
}

/** Whether a run of the tenant is due and unclaimed, and seconds until the next one comes due. $1 tenant */
export const NEXT_DUE = `select
  exists (select from flow_runs where ${WAITS} and scheduled_start_time <= now()) as "isDue",
  (select extract(epoch from min(scheduled_start_time) - now())::float8 from flow_runs
   where ${WAITS} and scheduled_start_time > now()) as seconds`;

/** What earlier attempts left behind, for a claim's reply. $1 tenant, $2 run ids */
export const KNOWN_TASK_RUNS = `select t.flow_run_id as "runId", t.number, k.name as task, t.ordinal, t.key, t.map_index as "mapIndex", t.state,
  t.try_number as "tryNumber", (extract(epoch from t.start_time) * 1000)::float8 as "startTime", t.location, t.map_count as "mapCount",
  t.parent, t.loop_count as "loopCount", nullif(t.approved_at is not null, false) as approved
from task_runs t join tasks k on k.tenant_id = t.tenant_id and k.id = t.task_id
where t.tenant_id = $1::uuid and t.flow_run_id = any ($2::uuid[])
order by t.flow_run_id, t.number`;
