export const PROJECT_BY_NAME = `select id from projects where tenant_id = $1 and name = $2`;

/** For the sentence that says which projects there are. */
export const SOME_PROJECTS = `select name from projects where tenant_id = $1 order by name limit 10`;

export const ADD_FLOW = `
  insert into flows (id, tenant_id, project_id, name) values ($1, $2, $3, $4)
  on conflict (tenant_id, project_id, name) do nothing`;

/**
 * Two registrations of one flow at once: the second waits here until the first has committed, and then reads its version as the newest.
 * `no key update`, so that runs of the flow, whose foreign keys take a key share, can be created meanwhile.
 */
export const LOCK_FLOW = `
  select id from flows where tenant_id = $1 and project_id = $2 and name = $3
  for no key update`;

export const NEWEST_VERSION = `
  select id, content_digest as digest, archived_at is not null as archived from flow_versions
  where tenant_id = $1 and flow_id = $2
  order by number desc
  limit 1`;

/** The number is read under the lock of LOCK_FLOW; the unique key (flow_id, number) would refuse a second one. */
export const ADD_VERSION = `
  insert into flow_versions (id, tenant_id, flow_id, number, content_digest, description, labels, tasks, parameter_schema,
    parameter_defaults, run_config, storage, sdk_version, boundary, signature, schedules)
  select $1::uuid, $2::uuid, $3::uuid, coalesce(max(number), 0) + 1, $4::text, $5::text, $6::text[], $7::jsonb, $8::jsonb,
    $9::jsonb, $10::jsonb, $11::jsonb, $12::text, $13::jsonb, $14::text,
    $15::jsonb
  from flow_versions where tenant_id = $2 and flow_id = $3`;

/**
 * The same content once more: what is sealed in it, and its signature, are the newest. A signature stays where nothing was sealed anew: of the
 * same content, it is still good. $3 parameter defaults, $4 run config, $5 signature, $6 whether anything is sealed, $7 schedules
 */
export const RENEW_VERSION = `
  update flow_versions set
    parameter_defaults = case when $6 then $3::jsonb else parameter_defaults end,
    run_config = case when $6 then $4::jsonb else run_config end,
    schedules = case when $6 then $7::jsonb else schedules end,
    signature = case when $6 then $5 else coalesce($5, signature) end
  where tenant_id = $1 and id = $2 and ($6 or $5 is distinct from signature)`;

export const ARCHIVE_OLDER_VERSIONS = `
  update flow_versions set archived_at = now()
  where tenant_id = $1 and flow_id = $2 and id <> $3 and archived_at is null`;
