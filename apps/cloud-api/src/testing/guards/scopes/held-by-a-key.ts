/** A statement that may see rows of another tenant in a table, in all of its tables, or in twins of its own; with the reason. */
interface Held {
  readonly statement: RegExp;
  readonly what: readonly string[];
}

/**
 * Statements that take rows by a key of something that they, or the transaction that they are in, found by its tenant: the parts of a run have no tenant of
 * their own to look for, and keys between the others hold the tenant.
 */
const HELD_BY_A_KEY: readonly Held[] = [
  // A claim: the run is found by tenant; flow, version, project and schedule by keys that hold it, the agent by the session.
  {
    statement: /^with gate as materialized/,
    what: ["flows", "flow_versions", "projects", "schedules", "schedule_slots", "agents", "flow_run_states", "all"],
  },
  { statement: /^with wanted as materialized/, what: ["task_run_states"] },
  // A report, an approval and a read of orders: the run is locked or read by its tenant in the same statement.
  { statement: /^with run as \(\s+update flow_runs set (event_number|order_version)/, what: ["task_runs"] },
  { statement: /^select r\.id as "runId", r\.state_version as "stateVersion"/, what: ["task_runs", "task_slots"] },
  { statement: /^select r\.state, s\.message, s\.failure from flow_runs r/, what: ["flow_run_states"] },
  // A flow that the transaction has found by its tenant has one version of a number, and one row of settings.
  { statement: /^\s*insert into (flow_versions|flow_settings) /, what: ["flow_versions", "flow_settings", "all"] },
];

/** Whether it is known why a statement sees such rows. */
export function isHeldByAKey(seen: { readonly statement: string; readonly what: string }): boolean {
  return HELD_BY_A_KEY.some(({ statement, what }) => what.includes(seen.what) && statement.test(seen.statement));
}
