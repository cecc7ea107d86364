/**
 * Statements that take rows by a key of something that they, or the transaction that they are in, found by its tenant: the parts of a run have no tenant of
 * their own to look for, and keys between the others hold the tenant.
 */
export const HELD_BY_THE_RUN: readonly { readonly statement: RegExp; readonly what: string }[] = [
  // A claim: the run is found by tenant; flow, version, project and schedule by keys that hold it, the agent by the session.
  ...["flows", "flow_versions", "projects", "schedules", "schedule_slots", "agents", "flow_run_states"].map((what) => ({
    statement: /^with gate as materialized/,
    what,
  })),
  { statement: /^with wanted as materialized/, what: "task_run_states" },
  // A report, an approval and a read of orders: the run is locked or read by its tenant in the same statement.
  { statement: /^with run as \(\s+update flow_runs set (event_number|order_version)/, what: "task_runs" },
  { statement: /^select r\.id as "runId", r\.state_version as "stateVersion"/, what: "task_runs" },
  { statement: /^select r\.id as "runId", r\.state_version as "stateVersion"/, what: "task_slots" },
  { statement: /^select r\.state, s\.message, s\.failure from flow_runs r/, what: "flow_run_states" },
  // Slots of the run that the transaction has locked.
  { statement: /^update flow_runs set order_version = 1 where id = \$1::uuid and attempt/, what: "flow_runs" },
  { statement: /^(select distinct s\.number from|delete from) task_slots s/, what: "task_slots" },
];
