import { DEFAULTS_IN_FORCE, LABELS_IN_FORCE } from "../flow-settings/flow-settings.sql.ts";

// Who locks what, in this order, so that nobody waits in a circle: registration takes the flow, then all its schedules, then the runs that it
// takes back; the planner and the switch take one schedule, then runs. Whoever holds a schedule's row is the only one who makes or takes back
// runs of it.

/** Schedules of a flow, those that were removed too: a planner that works for one of them is waited for. */
export const LOCK_SCHEDULES_OF_FLOW = `
  select id, name, definition_digest as digest, removed_at is not null as removed from schedules
  where tenant_id = $1 and flow_id = $2
  order by id for update`;

/** $1 tenant, $2 flow */
export const SCHEDULES_AS_THEY_ARE = `
  select definition from schedules where tenant_id = $1 and flow_id = $2 and removed_at is null order by name`;

export const ADD_SCHEDULE = `
  insert into schedules (id, tenant_id, flow_id, name, definition, definition_digest, planned_until, plan_after)
  values ($1, $2, $3, $4, $5::jsonb, $6, $7, $7)`;

/** Other content, or one that comes back: what passed meanwhile is not its. */
export const REPLACE_SCHEDULE = `
  update schedules set definition = $3::jsonb, definition_digest = $4, removed_at = null, planned_until = $5, plan_after = $5
  where tenant_id = $1 and id = $2`;

/** The same content again, but for what is sealed in it: what was planned ahead is planned again, what passed while the cloud was away stays to be caught up. */
export const PLAN_ANEW = `
  update schedules set planned_until = least(planned_until, $3::timestamptz), plan_after = $3, definition = $4::jsonb
  where tenant_id = $1 and id = $2`;

export const REMOVE_SCHEDULE = `update schedules set removed_at = $3 where tenant_id = $1 and id = $2 and removed_at is null`;

/**
 * Runs that schedules made for slots to come and that nobody has touched: their first state is still their only one. Locked first and
 * deleted then, so that one that a claim or a person takes at this moment is left alone.
 */
export const LOCK_RUNS_AHEAD = `
  select r.id from schedule_slots s join flow_runs r on r.tenant_id = s.tenant_id and r.id = s.flow_run_id
  where s.tenant_id = $1 and s.schedule_id = any($2::uuid[]) and s.slot > $3
    and r.state = 'Scheduled' and r.state_version = 1
  order by r.id for update of r`;

/** Their slots go with them. */
export const DELETE_RUNS = `
  with history as (delete from flow_run_states where tenant_id = $1 and flow_run_id = any($2::uuid[]))
  delete from flow_runs where tenant_id = $1 and id = any($2::uuid[])`;

export const LOCK_SCHEDULE = `
  select active from schedules where tenant_id = $1 and id = $2 and removed_at is null for update`;

export const SWITCH_OFF = `update schedules set active = false where tenant_id = $1 and id = $2`;

export const SWITCH_ON = `
  update schedules set active = true, planned_until = $3, plan_after = $3 where tenant_id = $1 and id = $2`;

export const SCHEDULES_TO_PLAN = `
  select id from schedules where active and removed_at is null and plan_after <= $1 order by plan_after limit $2`;

/** Null when another replica has it, or had it since it was found. */
export const LOCK_SCHEDULE_TO_PLAN = `
  select tenant_id as "tenantId", flow_id as "flowId", name, definition, planned_until as "plannedUntil" from schedules
  where id = $1 and active and removed_at is null and plan_after <= $2
  for update skip locked`;

/** Read after the lock: a registration that held it until now has made another version. */
export const FLOW_TO_PLAN = `
  select f.name, v.id as "versionId", ${LABELS_IN_FORCE} as labels, v.parameter_schema as "parameterSchema",
    v.parameter_defaults as "parameterDefaults", ${DEFAULTS_IN_FORCE} as "settingDefaults"
  from flows f join flow_versions v on v.tenant_id = f.tenant_id and v.flow_id = f.id and v.archived_at is null
  left join flow_settings s on s.tenant_id = f.tenant_id and s.flow_id = f.id
  where f.tenant_id = $1 and f.id = $2
  order by v.number desc limit 1`;

export const SLOTS_AHEAD = `
  select slot from schedule_slots where tenant_id = $1 and schedule_id = $2 and slot > $3 order by slot`;

/**
 * Runs and their first history rows, for those of the slots that have none: the key (schedule_id, slot) decides, whatever other replica or
 * earlier turn was here. One statement, so never a slot without its run.
 */
export const ADD_RUNS = `
  with wanted as (
    select * from unnest($3::uuid[], $4::timestamptz[], $5::text[]) as w(run, slot, name)
  ),
  slot as (
    insert into schedule_slots (tenant_id, schedule_id, slot, flow_run_id)
    select $1, $2, slot, run from wanted
    on conflict (schedule_id, slot) do nothing
    returning flow_run_id
  ),
  run as (
    insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, scheduled_start_time)
    select w.run, $1, $6::uuid, $7::uuid, w.name, $8::jsonb, $9::text[], 'Scheduled', w.slot
    from slot join wanted w on w.run = slot.flow_run_id
    returning id
  ),
  history as (
    insert into flow_run_states (tenant_id, flow_run_id, version, attempt, state, at, message)
    select $1, id, 1, 0, 'Scheduled', now(), $10 from run
  ),
  woken as (select pg_notify('weir_work', $1::text) from run limit 1)
  select (select count(*)::int4 from run) as made, (select count(*) from woken) as woken`;

export const PLANNED = `
  update schedules set planned_until = $3, plan_after = $4 where tenant_id = $1 and id = $2`;

/** One that could not be planned is tried again later: it must not keep the others waiting. */
export const POSTPONE = `update schedules set plan_after = $2 where id = $1 and plan_after <= $2`;
