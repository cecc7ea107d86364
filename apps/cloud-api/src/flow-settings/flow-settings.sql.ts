/** In the lock that registrations take too. $1 tenant, $2 project, $3 flow */
export const LOCK_FLOW_BY_NAME = `
  select f.id from flows f
  where f.tenant_id = $1 and f.name = $3 and f.project_id = (select id from projects where tenant_id = $1 and name = $2)
  for no key update`;

/** $1 tenant, $2 flow */
export const VERSION_THAT_RUNS = `
  select number, parameter_schema as "parameterSchema", boundary, signature is not null as signed from flow_versions
  where tenant_id = $1 and flow_id = $2 and archived_at is null
  order by number desc limit 1`;

/** $1 tenant, $2 flow */
export const READ_SETTINGS = `
  select description, parameter_defaults as "parameterDefaults", labels, max_recoveries as "maxRecoveries",
    recovery_backoff_seconds as "recoveryBackoffSeconds"
  from flow_settings where tenant_id = $1 and flow_id = $2`;

/** $1 tenant, $2 flow, $3 … $7 the settings */
export const WRITE_SETTINGS = `
  insert into flow_settings (tenant_id, flow_id, description, parameter_defaults, labels, max_recoveries, recovery_backoff_seconds)
  values ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7)
  on conflict (flow_id) do update set description = excluded.description, parameter_defaults = excluded.parameter_defaults,
    labels = excluded.labels, max_recoveries = excluded.max_recoveries,
    recovery_backoff_seconds = excluded.recovery_backoff_seconds, changed_at = clock_timestamp()`;

/**
 * What of a flow's settings its runs begin with, for statements that join them as `s` and the version as `v`. A signed version runs with what
 * was signed: its defaults are its own, whatever the settings say.
 */
export const LABELS_IN_FORCE = `
  case when s.labels is null then v.labels else array(select jsonb_array_elements_text(s.labels)) end`;
export const DEFAULTS_IN_FORCE = `case when v.signature is null then s.parameter_defaults end`;
