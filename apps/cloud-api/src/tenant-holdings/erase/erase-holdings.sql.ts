import { isHeld, STATE_NAMES } from "@weir/protocol";

const HELD = STATE_NAMES.filter(isHeld)
  .map((state) => `'${state}'`)
  .join(", ");

/** $1 tenant */
export const TENANT_NAME = `select name from tenants where id = $1`;

/** One more than a sentence names. $1 tenant, $2 id that bounds them, or null */
export const SOME_HELD = `select name, state from flow_runs
  where tenant_id = $1 and state in (${HELD}) and ($2::uuid is null or id < $2) order by id limit 4`;

/**
 * Runs that nobody holds, oldest first, and nobody claims them from then on. What a schedule has made ahead stays: the planner would not make it
 * again, and it says no more than the schedule. $1 tenant, $2 id that bounds them, or null, $3 runs at most
 */
export const LOCK_ERASABLE_RUNS = `select r.id from flow_runs r
  where r.tenant_id = $1 and ($2::uuid is null or r.id < $2) and r.state not in (${HELD})
    and not (r.state = 'Scheduled' and r.attempt = 0 and r.scheduled_start_time > now()
      and exists (select from schedule_slots s where s.tenant_id = $1 and s.flow_run_id = r.id))
  order by r.id limit $3 for update`;

/** Flows of which runs may still begin. $1 tenant, $2 flows at most */
export const OPEN_FLOWS = `select f.id from flows f
  where f.tenant_id = $1 and (
    exists (select from flow_versions v where v.tenant_id = $1 and v.flow_id = f.id and v.archived_at is null)
    or exists (select from schedules s where s.tenant_id = $1 and s.flow_id = f.id and s.removed_at is null))
  limit $2`;

/** Flows of which there are no runs. $1 tenant, $2 flows at most */
export const FLOWS_WITHOUT_RUNS = `select f.id from flows f
  where f.tenant_id = $1 and not exists (select from flow_runs r where r.tenant_id = $1 and r.flow_id = f.id) limit $2`;

/** What is of no run and no flow: some rows of it. $1 tenant, $2 rows at most */
export const ERASE_BESIDE = ["cached_results", "kv_entries"].map(
  (table) =>
    `delete from ${table} where tenant_id = $1 and ctid = any (array(select ctid from ${table} where tenant_id = $1 limit $2))`,
);

/** What people said when they paused something. $1 tenant */
export const ERASE_REASONS = [
  `update agents set pause_reason = null where tenant_id = $1 and pause_reason is not null`,
  `update queue_pauses set reason = null where tenant_id = $1 and reason is not null`,
];
