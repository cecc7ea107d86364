import { isFinished, STATE_NAMES } from "@weir/protocol";

/** $1 tenant, $2 flow */
export const LOCK_FLOW_BY_ID = `select id, name from flows where tenant_id = $1 and id = $2 for no key update`;

/** So that nothing begins any more. $1 tenant, $2 flow */
export const ARCHIVE_ALL = `
  update flow_versions set archived_at = now() where tenant_id = $1 and flow_id = $2 and archived_at is null`;

const UNFINISHED = STATE_NAMES.filter((state) => !isFinished(state)).map((state) => `'${state}'`);

/** One more than a sentence names. $1 tenant, $2 flow */
export const SOME_UNFINISHED = `
  select id, name, state from flow_runs where tenant_id = $1 and flow_id = $2 and state in (${UNFINISHED.join(", ")}) order by id desc limit 4`;

/** $1 tenant, $2 flow, $3 runs */
export const OLDEST_RUNS = `select id from flow_runs where tenant_id = $1 and flow_id = $2 order by id limit $3`;

/** Tables whose rows are of one flow run, `flow_run_id`. The catalog says which there are: a test compares. */
export const TABLES_OF_RUNS = [
  "flow_run_states",
  "flow_run_seal_keys",
  "task_runs",
  "task_run_states",
  "logs",
  "artifacts",
  "task_slots",
  "schedule_slots",
  "cached_results",
] as const;

/** Tables whose rows are of one flow, `flow_id`, but for its runs; in an order that their keys allow. */
export const TABLES_OF_FLOWS = ["flow_settings", "schedules", "tasks", "flow_versions"] as const;

/**
 * Runs with all of their history; what they started stays, and knows its parent no more. Results that later runs might take go too: the keys
 * of what is sealed in them are gone. $1 tenant, $2 runs
 */
export const DELETE_HISTORY = [
  `update flow_runs set parent_run_id = null where tenant_id = $1 and parent_run_id = any ($2::uuid[])`,
  ...TABLES_OF_RUNS.map((table) => `delete from ${table} where tenant_id = $1 and flow_run_id = any ($2::uuid[])`),
  `delete from flow_runs where tenant_id = $1 and id = any ($2::uuid[])`,
];

/** $1 tenant, $2 flow */
export const DELETE_FLOW = [
  ...TABLES_OF_FLOWS.map((table) => `delete from ${table} where tenant_id = $1 and flow_id = $2`),
  `delete from flows where tenant_id = $1 and id = $2`,
];
