import { HELD_BY_LABEL } from "../../run-limits/run-limit.sql.ts";
import { counts } from "../../task-limits/task-slot.sql.ts";

/** Shown of whom holds a limit, and of the agents that come nearest. */
const SHOWN_HOLDERS = 5;
const SHOWN_AGENTS = 3;

const CLAIMABLE = `('Scheduled', 'Resume', 'Retrying')`;

/** Runs whose time has come and that nobody holds, in the order in which they are claimed. $1 tenant, $2 runs at most */
export const DUE_RUNS = `select id from flow_runs
  where tenant_id = $1 and state in ${CLAIMABLE} and scheduled_start_time <= now() order by scheduled_start_time, id limit $2`;

/**
 * What keeps runs from going on, for all runs of a list in one statement. Agents are looked at once for each mix of labels and project among them,
 * not for each run; what only some states need is read for those alone. $1 tenant, $2 flow runs
 */
export const WAITING_FACTS = waitingFacts(false);

/** The same as each of some agents sees it, as if it were the only one: a row for each run and agent. $1 tenant, $2 flow runs, $3 agents */
export const WAITING_FACTS_OF_AGENTS = waitingFacts(true);

function waitingFacts(ofEach: boolean): string {
  return `with wanted as materialized (
  select r.id, r.state, r.labels, r.scheduled_start_time, r.pause_order, r.attempt, r.agent_id, p.name as project
  from flow_runs r
  join flows f on f.tenant_id = r.tenant_id and f.id = r.flow_id
  join projects p on p.tenant_id = f.tenant_id and p.id = f.project_id
  where r.id = any ($2::uuid[]) and (r.tenant_id = $1::uuid) is true
    and r.state in ('Scheduled', 'Resume', 'Retrying', 'Paused', 'Submitted', 'Running', 'Cancelling')
),
kinds as (select distinct labels, project from wanted where state in ${CLAIMABLE}),
held_labels as materialized (${HELD_BY_LABEL}),
seen as materialized (
  select a.id, a.name, a.labels, a.projects, a.capacity, a.paused_by, coalesce(h.runs, 0)::int as held,
    a.last_seen_at > now() - interval '90 seconds' as online, extract(epoch from now() - a.last_seen_at)::float8 as silent
  from agents a
  left join (
    select agent_id, count(*) as runs from flow_runs
    where tenant_id = $1::uuid and state in ('Submitted', 'Running', 'Cancelling') group by agent_id
  ) h on h.agent_id = a.id
  where a.tenant_id = $1::uuid and exists (select from kinds)${ofEach ? " and a.id = any ($3::uuid[])" : ""}
),
by_kind as (
  select k.labels, k.project${ofEach ? ", a.id as agent" : ""}, jsonb_build_object(
    'total', count(a.name),
    'matching', count(*) filter (where a.fits),
    'online', count(*) filter (where a.fits and a.online),
    'open', count(*) filter (where a.fits and a.online and a.paused_by is null),
    'ready', count(*) filter (where a.fits and a.online and a.paused_by is null and a.held < a.capacity),
    'nearest', coalesce(jsonb_agg(jsonb_build_object('name', a.name, 'online', a.online, 'silentSeconds', a.silent,
        'missingLabels', a.missing, 'servesProject', a.serves, 'held', a.held, 'capacity', a.capacity, 'pausedBy', a.paused_by)
      order by a.place) filter (where a.place <= ${SHOWN_AGENTS}), '[]')) as agents
  from kinds k
  left join lateral (
    select s.*, m.missing, s.serves and m.missing = '{}' as fits,
      row_number() over (${ofEach ? "partition by s.id " : ""}order by not s.serves, cardinality(m.missing), not s.online, s.paused_by is not null,
        s.held >= s.capacity, s.silent, s.name) as place
    from (select seen.*, seen.projects is null or k.project = any (seen.projects) as serves from seen) s
    cross join lateral (select array(select unnest(k.labels) except select unnest(s.labels) order by 1) as missing) m
  ) a on true
  group by k.labels, k.project${ofEach ? ", a.id" : ""}
),
told as (select w.id as "runId", w.state, w.labels, w.project, w.attempt, w.scheduled_start_time as "scheduledStartTime",
  w.scheduled_start_time <= now() as "isDue", coalesce(w.pause_order = 'pause', false) as "pauseAsked",
  (select jsonb_build_object('name', a.name, 'silentSeconds', extract(epoch from now() - a.last_seen_at)::float8)
   from agents a where a.tenant_id = $1::uuid and a.id = w.agent_id) as holder,
  (select jsonb_build_object('at', q.paused_at, 'by', q.paused_by, 'reason', q.reason) from queue_pauses q where q.tenant_id = $1::uuid) as "queuePause",
  ${limitsOf("w")} as limits, ${approvalsOf("w")} as approvals, ${taskSlotsOf("w")} as "taskSlots"
from wanted w)
select t.*, k.agents${ofEach ? `, k.agent as "agentId"` : ""}
from told t
left join by_kind k on k.labels = t.labels and k.project = t.project and t.state in ${CLAIMABLE}`;
}

function limitsOf(w: string): string {
  return `case when ${w}.state in ${CLAIMABLE} then coalesce((
    select jsonb_agg(jsonb_build_object('label', l.label, 'slots', l.slots, 'held', coalesce(h.runs, 0), 'holders', coalesce((
        select jsonb_agg(jsonb_build_object('flowRunId', o.id, 'flowRunName', o.name, 'agent', o.agent) order by o.id) from (
          select r.id, r.name, a.name as agent from flow_runs r left join agents a on a.tenant_id = r.tenant_id and a.id = r.agent_id
          where r.tenant_id = $1::uuid and r.state in ('Submitted', 'Running', 'Cancelling') and r.labels @> array[l.label]
          order by r.id limit ${SHOWN_HOLDERS}) o), '[]')) order by l.label)
    from run_limits l left join held_labels h on h.label = l.label
    where l.tenant_id = $1::uuid and l.label = any (${w}.labels)), '[]') else '[]' end`;
}

function approvalsOf(w: string): string {
  return `case when ${w}.state = 'Paused' then coalesce((
    select jsonb_agg(jsonb_build_object('taskRunNumber', t.number, 'task', t.task, 'message', t.message) order by t.number) from (
      select t.number, k.name as task, s.detail ->> 'message' as message
      from task_runs t
      join tasks k on k.tenant_id = t.tenant_id and k.id = t.task_id
      left join task_run_states s on s.flow_run_id = t.flow_run_id and s.attempt = t.attempt and s.number = t.event_number
      where t.flow_run_id = ${w}.id and (t.tenant_id = $1::uuid) is true and t.state = 'Paused' and t.approved_at is null
      order by t.number limit 10) t), '[]') else '[]' end`;
}

function taskSlotsOf(w: string): string {
  return `case when ${w}.state = 'Running' then coalesce((
    select jsonb_agg(jsonb_build_object('tag', t.tag, 'slots', l.slots, 'waiting', t.waiting, 'held', (
        select count(*) from task_slots o
        where o.tenant_id = $1::uuid and o.tag = t.tag and o.granted_at is not null and ${counts("o")})) order by t.tag)
    from (
      select s.tag, count(*) as waiting from task_slots s
      where s.flow_run_id = ${w}.id and (s.tenant_id = $1::uuid) is true and s.granted_at is null and ${counts("s")} group by s.tag) t
    left join task_limits l on l.tenant_id = $1::uuid and l.tag = t.tag), '[]') else '[]' end`;
}
