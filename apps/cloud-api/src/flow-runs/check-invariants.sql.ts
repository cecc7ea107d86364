// What must hold of every flow run at every moment, whatever was killed, repeated, delayed or raced. Each statement finds the runs of which
// it does not hold, with a word on where: an empty answer is the proof.

import { counts } from "../task-limits/task-slot.sql.ts";

interface Invariant {
  /** What is wrong with a run that the statement finds. */
  readonly wrong: string;
  /** Answers rows of { run, detail }. */
  readonly sql: string;
}

/** Every numbered row of a run, whatever its table. */
const EVENTS = `events as (
  select flow_run_id as run, attempt::int4, number, 'task_run_states' as source, detail->>'by' is not distinct from 'cloud' as by_cloud
    from task_run_states
  union all select flow_run_id, attempt::int4, number, 'logs', false from logs
  union all select flow_run_id, attempt::int4, number, 'artifacts', false from artifacts
  union all select flow_run_id, attempt, event_number, 'flow_run_states', false from flow_run_states where event_number is not null
)`;

export const INVARIANTS: readonly Invariant[] = [
  {
    wrong: "the history has a gap, or does not end where the run stands",
    sql: `select r.id as run, format('versions %s to %s in %s rows, the run is at %s', min(s.version), max(s.version), count(*), r.state_version) as detail
      from flow_runs r left join flow_run_states s on s.flow_run_id = r.id
      group by r.id having min(s.version) is distinct from 1 or max(s.version) <> r.state_version or count(*) <> r.state_version`,
  },
  {
    wrong: "the run is not in the state of its newest history row",
    sql: `select r.id as run, format('%s, but version %s says %s', r.state, s.version, s.state) as detail
      from flow_runs r join flow_run_states s on s.flow_run_id = r.id and s.version = r.state_version where s.state <> r.state`,
  },
  {
    wrong: "the events of an attempt are not numbered 1, 2, 3 …",
    sql: `with ${EVENTS} select run, format('attempt %s: %s numbers from %s to %s', attempt, count(distinct number), min(number), max(number)) as detail
      from events group by run, attempt having min(number) <> 1 or max(number) <> count(distinct number)`,
  },
  {
    wrong: "an event number stands in two rows",
    sql: `with ${EVENTS} select run, format('attempt %s number %s in %s', attempt, number, string_agg(source, ', ')) as detail
      from events group by run, attempt, number having count(*) > 1`,
  },
  {
    wrong: "the run does not know the number of its last event",
    sql: `with ${EVENTS} select r.id as run, format('attempt %s: event_number %s, newest row %s', r.attempt, r.event_number, coalesce(max(e.number), 0)) as detail
      from flow_runs r left join events e on e.run = r.id and e.attempt = r.attempt
      group by r.id having coalesce(max(e.number), 0) <> r.event_number`,
  },
  {
    wrong: "an attempt began while another one held the run",
    sql: `select flow_run_id as run, format('version %s: attempt %s claimed it out of %s', version, attempt, before) as detail
      from (select *, lag(state) over (partition by flow_run_id order by version) as before from flow_run_states) s
      where state = 'Submitted' and before not in ('Scheduled', 'Resume', 'Retrying')`,
  },
  {
    wrong: "attempts are not counted 1, 2, 3 …",
    sql: `select r.id as run, format('attempt %s after %s claims', r.attempt, count(s.version)) as detail
      from flow_runs r left join flow_run_states s on s.flow_run_id = r.id and s.state = 'Submitted'
      group by r.id having count(s.version) <> r.attempt or count(distinct s.attempt) <> count(s.version)`,
  },
  {
    wrong: "a held run has no lease or no agent, or one that is not held has a lease",
    sql: `select id as run, format('%s, lease %s, agent %s', state, lease_expires_at, agent_id) as detail from flow_runs
      where (state in ('Submitted', 'Running', 'Cancelling')) <> (lease_expires_at is not null)
        or (state in ('Submitted', 'Running', 'Cancelling') and agent_id is null)`,
  },
  {
    wrong: "something was reported after the end of an attempt",
    sql: `with ${EVENTS} select e.run, format('attempt %s number %s (%s) after %s', e.attempt, e.number, e.source, s.state) as detail
      from flow_run_states s join events e on e.run = s.flow_run_id and e.attempt = s.attempt and e.number > s.event_number
      where s.state in ('Success', 'Failed', 'TimedOut', 'ValidationFailed', 'Crashed', 'Cancelled') and not e.by_cloud`,
  },
  {
    wrong: "a task run does not show its newest history row",
    sql: `select t.flow_run_id as run, format('task run %s: %s at %s/%s, history says %s at %s/%s', t.number, t.state, t.attempt, t.event_number,
        h.state, h.attempt, h.number) as detail
      from task_runs t left join (
        select distinct on (flow_run_id, task_run_number) flow_run_id, task_run_number, state, attempt, number
        from task_run_states where (detail->>'refused') is null
        order by flow_run_id, task_run_number, attempt desc, number desc
      ) h on h.flow_run_id = t.flow_run_id and h.task_run_number = t.number
      where (t.state, t.attempt, t.event_number) is distinct from (h.state, h.attempt, h.number)`,
  },
  {
    wrong: "history of a task run that does not exist",
    sql: `select s.flow_run_id as run, format('task run %s', s.task_run_number) as detail from task_run_states s
      where (s.detail->>'refused') is null
        and not exists (select from task_runs t where t.flow_run_id = s.flow_run_id and t.number = s.task_run_number)`,
  },
  {
    wrong: "the run is over, but a task run is not",
    sql: `select r.id as run, format('%s, task run %s is %s', r.state, t.number, t.state) as detail
      from flow_runs r join task_runs t on t.flow_run_id = r.id
      where r.state in ('Success', 'Failed', 'TimedOut', 'ValidationFailed', 'Crashed', 'Cancelled')
        and t.state in ('Pending', 'Scheduled', 'Paused', 'Resume', 'Retrying', 'Queued', 'Submitted', 'Running', 'Cancelling', 'Looped')`,
  },
  {
    wrong: "more task runs hold a slot of a tag than its limit allows, and one was granted under that limit",
    sql: `select min(s.flow_run_id::text)::uuid as run, format('tag %s of tenant %s: %s of %s', l.tag, l.tenant_id, count(*), l.slots) as detail
      from task_limits l join task_slots s on s.tenant_id = l.tenant_id and s.tag = l.tag and s.granted_at is not null and ${counts("s")}
      group by l.tenant_id, l.tag, l.slots, l.changed_at having count(*) > l.slots and max(s.granted_at) > l.changed_at`,
  },
  {
    wrong: "a task run holds the slots of some of its tags and waits for others",
    sql: `select flow_run_id as run, format('task run %s', number) as detail from task_slots
      group by flow_run_id, number having count(distinct granted_at is null) > 1`,
  },
  {
    wrong: "an end time without an end, or an end without its time",
    sql: `select id as run, format('%s, ended_at %s', state, ended_at) as detail from flow_runs
      where (state in ('Success', 'Failed', 'TimedOut', 'ValidationFailed', 'Crashed', 'Cancelled')) <> (ended_at is not null)`,
  },
];

/** Every kind of move that stands in the history of flow runs, with one run that made it. */
export const FLOW_RUN_STEPS = `select before as "from", state as "to", min(flow_run_id::text) as run
from (select *, lag(state) over (partition by flow_run_id order by version) as before from flow_run_states) s
group by before, state`;

/** The same of task runs. Refused ones are no moves, nor is a result that was written later. */
export const TASK_RUN_STEPS = `select before as "from", state as "to", attempt > attempt_before as later, detail->>'by' is not distinct from 'cloud' as by_cloud,
  min(flow_run_id::text) as run
from (
  select *, lag(state) over w as before, lag(attempt) over w as attempt_before from task_run_states
  where (detail->>'refused') is null and (detail->>'written') is null
  window w as (partition by flow_run_id, task_run_number order by attempt, number)
) s
group by 1, 2, 3, 4`;
