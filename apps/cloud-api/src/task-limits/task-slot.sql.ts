import { isFinished, STATE_NAMES } from "@weir/protocol";

// A slot is a row for as long as it counts, and whether it counts is asked of the lease and of the task run, each time: no counter can
// drift from what is true, and no crash between two statements can leak a slot. Rows that count no more are removed when it is cheap.

/** States that free a slot: the end of the task run, and the end of a try or turn that is not its last. Queued and Running do not. */
export const FREEING_STATES = STATE_NAMES.filter(
  (state) => isFinished(state) || state === "Retrying" || state === "Paused",
);
const FREEING = FREEING_STATES.map((state) => `'${state}'`).join(", ");

// A lease that has run out counts until the sweeper takes it: its holder may be late by a moment, and would go on beside whoever got its
// slots. Only an event after the question frees: a try that ended before it asked for the next one's slot.
const isHeldBy = (s: string, states: string) => `exists (
    select from flow_runs r where r.id = ${s}.flow_run_id and (r.tenant_id = ${s}.tenant_id) is true
      and r.attempt = ${s}.attempt and ${states})`;
const isFreed = (s: string) => `exists (
    select from task_runs t where t.flow_run_id = ${s}.flow_run_id and (t.tenant_id = ${s}.tenant_id) is true
      and t.number = ${s}.number and t.attempt = ${s}.attempt
      and t.event_number > ${s}.event_number and t.state in (${FREEING}))`;

/** Whether a row counts as holding, when it was granted. */
export const counts = (s: string) =>
  `${isHeldBy(s, "r.state in ('Submitted', 'Running', 'Cancelling')")} and not ${isFreed(s)}`;
/**
 * Whether a row that waits may be granted at this moment: a run that stops or pauses would only sit on the slot. Written as scalar subqueries,
 * which the planner asks row by row in the queue's order, until enough are found. As `exists` it made joins of them, for all that
 * wait: 60 ms instead of 1 for one grant out of a queue of 10,000.
 */
const mayBegin = (s: string) => `coalesce((
    select r.state in ('Submitted', 'Running') and r.pause_order is distinct from 'pause'
    from flow_runs r where r.id = ${s}.flow_run_id and (r.tenant_id = ${s}.tenant_id) is true
      and r.attempt = ${s}.attempt), false)
  and (select true where ${isFreed(s)}) is null`;
/** A tag of it has no slot at all. */
const isBlocked = (s: string) => `(
    select true from task_slots o join task_limits l on l.tenant_id = o.tenant_id and l.tag = o.tag
    where o.flow_run_id = ${s}.flow_run_id and o.number = ${s}.number and l.slots = 0 limit 1)`;

/**
 * Grants what can be granted. A task run gets one slot of each of its limited tags, all or none, and counts in each tag's queue by its
 * place, whether or not its other tags are free: so the set of those before it only shrinks, and one that needs two tags is not overtaken for
 * ever by those that need one. The price is a slot that idles while the first in its queue waits for another tag.
 * One that has a tag without any slot (limit 0) stands aside with its place kept: it would hold up its other tags' queues for nothing.
 * Only the front of each queue is read, as many as are free. $1 tenant
 */
export const GRANT = `with held as (
  select s.tag, count(*) as n from task_slots s where s.tenant_id = $1::uuid and s.granted_at is not null and ${counts("s")} group by s.tag
),
free as (
  select l.tag, l.slots - coalesce(h.n, 0) as n from task_limits l left join held h on h.tag = l.tag
  where l.tenant_id = $1::uuid and l.slots > coalesce(h.n, 0)
),
front as (
  select w.flow_run_id, w.number from free f cross join lateral (
    select s.flow_run_id, s.number from task_slots s
    where s.tenant_id = $1::uuid and s.tag = f.tag and s.granted_at is null and ${mayBegin("s")}
      and ${isBlocked("s")} is null
    order by s.position limit f.n
  ) w
),
ready as (
  select f.flow_run_id, f.number from front f group by f.flow_run_id, f.number
  having count(*) = (select count(*) from task_slots o join task_limits l on l.tenant_id = o.tenant_id and l.tag = o.tag
    where o.flow_run_id = f.flow_run_id and o.number = f.number)
)
update task_slots s set granted_at = clock_timestamp() from ready
where s.flow_run_id = ready.flow_run_id and s.number = ready.number
returning s.flow_run_id as "runId", s.number`;

/** Grants those of whose tags none has a limit any more. Reads the whole queue: after a limit is gone, and now and then. $1 tenant */
export const GRANT_UNLIMITED = `update task_slots s set granted_at = clock_timestamp()
where s.tenant_id = $1::uuid and s.granted_at is null and ${mayBegin("s")}
  and not exists (
    select from task_slots o join task_limits l on l.tenant_id = o.tenant_id and l.tag = o.tag
    where o.flow_run_id = s.flow_run_id and o.number = s.number)
returning s.flow_run_id as "runId", s.number`;

/** The run that asks, and which of the tags have limits. $1 tenant, $2 flow run, $3 tags */
export const LOOK = `select r.state, r.attempt, r.order_version as "orderVersion",
  array(select l.tag from task_limits l where l.tenant_id = $1::uuid and l.tag = any ($3::text[])) as limited
from flow_runs r where r.id = $2::uuid and (r.tenant_id = $1::uuid) is true`;

/** From now on the reports of this attempt look for orders. $1 tenant, $2 flow run, $3 attempt */
export const EXPECT_ORDERS = `update flow_runs set order_version = 1
where id = $2::uuid and (tenant_id = $1::uuid) is true and attempt = $3::int4 and order_version = 0`;

/** Rows of earlier tries and attempts. $1 tenant, $2 flow run, $3 attempt, $4 numbers */
export const FORGET_EARLIER = `delete from task_slots s
where s.flow_run_id = $2::uuid and (s.tenant_id = $1::uuid) is true and s.number = any ($4::int4[]) and (s.attempt <> $3::int4 or ${isFreed("s")})`;

/**
 * Takes places in the queue, in the order of the question. A task run that has one keeps it; one that is over (a copy of the question that
 * came late) gets none. $1 tenant, $2 flow run, $3 attempt, $4 numbers, $5 tags, as JSON: one list for each number
 */
export const ENQUEUE = `insert into task_slots (tenant_id, flow_run_id, number, tag, attempt, event_number, position)
select r.tenant_id, r.id, a.number, tag, r.attempt, r.event_number, a.position
from flow_runs r cross join lateral (
  select number, tags, nextval('task_slot_positions') as position
  from (select * from unnest($4::int4[], $5::jsonb[]) with ordinality as q(number, tags, place) order by place) q
) a cross join lateral jsonb_array_elements_text(a.tags) as tag
where r.id = $2::uuid and (r.tenant_id = $1::uuid) is true and r.attempt = $3::int4
  and not exists (
    select from task_runs t where t.flow_run_id = r.id and t.number = a.number and t.attempt = r.attempt
      and t.state <> 'Looped' and t.ended_at is not null)
on conflict (flow_run_id, number, tag) do nothing`;

/** Those of the asked that wait. $1 tenant, $2 flow run, $3 numbers */
export const WAITING = `select distinct s.number from task_slots s
where s.flow_run_id = $2::uuid and (s.tenant_id = $1::uuid) is true and s.number = any ($3::int4[]) and s.granted_at is null`;

/** Frees what a report says to be over. $1 tenant, $2 flow run, $3 attempt, $4 numbers, $5 their event numbers */
export const FREE_SOME = `delete from task_slots s using unnest($4::int4[], $5::int4[]) as f(number, event_number)
where s.flow_run_id = $2::uuid and (s.tenant_id = $1::uuid) is true and s.attempt = $3::int4 and s.number = f.number and s.event_number < f.event_number`;

/** Frees everything of a run that nobody holds any more. $1 tenant, $2 flow run, $3 attempt: the newest that is over */
export const FREE_ALL = `delete from task_slots s
where s.flow_run_id = $2::uuid and (s.tenant_id = $1::uuid) is true and s.attempt <= $3::int4`;

/** Removes rows that count no more, of all tenants. */
export const REMOVE_STALE = `delete from task_slots s where not (${counts("s")})`;

/** Tenants for whom somebody waits. */
export const WAITING_TENANTS = `select distinct tenant_id as id from task_slots where granted_at is null`;

/** Wakes whoever holds these runs. After the commit, by itself: see wake/run-hints.ts on notifying inside of a transaction. $1 runs */
export const TELL_HOLDERS = `select pg_notify('weir_order', id) from unnest($1::text[]) as id`;
