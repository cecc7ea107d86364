// What a cloud holds after some months, made inside the server: `generate_series` writes 20 million rows in minutes, where they would take an hour
// to travel. Each statement says its parameters; temporary tables hand on what the next ones need.

/** The tenants: the first, which is there, and as many others. $1 first tenant, $2 how many together */
export const TENANTS = `
  with made as (
    insert into tenants (id, name) select uuidv7(), 'seeded ' || n from generate_series(2, $2::int) n returning id, name
  )
  insert into seed_tenants
  select 1, $1::uuid union all select split_part(name, ' ', 2)::int, id from made`;

export const PREPARE = [
  // Foreign keys are not checked row by row: what is written here fits.
  "set session_replication_role = replica",
  "set synchronous_commit = off",
  "set maintenance_work_mem = '256MB'",
  "create temporary table seed_tenants (n int primary key, id uuid not null)",
  "create temporary table seed_flows (tenant int, n int, id uuid, version uuid, first_task int, agent uuid, primary key (tenant, n))",
];

/** $1 flows of each tenant */
export const FLOWS = `
  with project as (
    insert into projects (id, tenant_id, name) select uuidv7(), id, 'seeded' from seed_tenants returning id, tenant_id
  ),
  wanted as (
    select t.n as tenant, t.id as tenant_id, p.id as project_id, g.n, uuidv7() as id, uuidv7() as version
    from seed_tenants t join project p on p.tenant_id = t.id cross join generate_series(1, $1::int) g(n)
  ),
  flow as (
    insert into flows (id, tenant_id, project_id, name) select id, tenant_id, project_id, 'flow ' || n from wanted
  ),
  version as (
    insert into flow_versions (id, tenant_id, flow_id, number, content_digest, labels, tasks, parameter_schema, storage, sdk_version)
    select version, tenant_id, id, 1, md5(id::text), '{}', '[{"name":"task 1","tags":[],"retries":0}]', '{"type":"object"}',
      '{"kind":"local","directory":"/flows","entry":"flow.ts","codeDigest":"0","files":[]}', '0.1.0' from wanted
  ),
  agent as (
    insert into agents (id, tenant_id, api_key_id, name, labels, launchers, version, capacity)
    select uuidv7(), t.id, coalesce((select k.id from api_keys k where k.tenant_id = t.id limit 1), uuidv7()), 'agent ' || g.n, '{}', '{process}',
      '0.1.0', 10
    from seed_tenants t cross join generate_series(1, 10) g(n) returning id, tenant_id, name
  )
  insert into seed_flows (tenant, n, id, version, agent)
  select w.tenant, w.n, w.id, w.version, a.id from wanted w join agent a on a.tenant_id = w.tenant_id and a.name = 'agent ' || (w.n % 10 + 1)`;

/** $1 task runs of each flow run, which is how many tasks each flow has */
export const TASKS = `
  with made as (
    insert into tasks (tenant_id, flow_id, name)
    select t.id, f.id, 'task ' || g.n from seed_flows f join seed_tenants t on t.n = f.tenant cross join generate_series(1, $1::int) g(n)
    order by f.tenant, f.n, g.n
    returning id, flow_id
  )
  update seed_flows f set first_task = m.first from (select flow_id, min(id) as first from made group by flow_id) m where m.flow_id = f.id`;

/**
 * The flow runs of one day, in the order of their ids. One in five is of the first tenant, so that there is a big one. Of a thousand, 940 have
 * succeeded, 40 failed, 10 were cancelled, 5 crashed, 2 wait for their time, 2 wait for an agent with a label, and 1 runs.
 * $1 start of the day, $2 runs, $3 tenants, $4 flows of each
 */
export const FLOW_RUNS = `
  with drawn as (
    select n, $1::timestamptz + n * (interval '23 hours' / $2::int) as at,
      case when n % 5 = 0 or $3::int = 1 then 1 else 2 + (n / 5 * 7 + n % 5 * 11) % ($3::int - 1) end as tenant,
      1 + (n * 13 + n / 17) % $4::int as flow, (hashint4(n) & 2147483647) % 1000 as lot
    from generate_series(0, $2::int - 1) n
  ),
  fated as (
    select *, case when lot < 940 then 'Success' when lot < 980 then 'Failed' when lot < 990 then 'Cancelled' when lot < 995 then 'Crashed'
      when lot < 999 then 'Scheduled' else 'Running' end::state as state
    from drawn
  )
  insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, labels, state, state_version, scheduled_start_time, created_at,
    started_at, ended_at, attempt, event_number, agent_id, lease_expires_at)
  select uuidv7(d.at - now()), t.id, f.id, f.version, 'flow ' || f.n || ' ' || d.n, '{"day":1}',
    case when lot in (997, 998) then '{nowhere}' else '{}' end::text[], d.state,
    case d.state when 'Scheduled' then 1 when 'Running' then 3 else 4 end,
    case when lot in (995, 996) then now() + interval '1 year' else d.at end, d.at,
    case when d.state <> 'Scheduled' then d.at end, case when lot < 995 then d.at + interval '20 seconds' end,
    case when d.state = 'Scheduled' then 0 else 1 end, case when lot < 995 then 60 else 0 end,
    case when d.state <> 'Scheduled' then f.agent end, case when d.state = 'Running' then now() + interval '1 year' end
  from fated d join seed_tenants t on t.n = d.tenant join seed_flows f on f.tenant = d.tenant and f.n = d.flow
  order by d.n`;

/** $1 and $2: the lowest id of the day and of the next */
export const FLOW_RUN_STATES = `
  insert into flow_run_states (tenant_id, flow_run_id, version, attempt, state, at, message)
  select r.tenant_id, r.id, v, least(v - 1, 1),
    case v when 1 then 'Scheduled' when 2 then 'Submitted' when 3 then 'Running' else r.state end::state, r.created_at,
    case v when 2 then 'claimed by an agent' when 4 then 'the flow is over' end
  from flow_runs r cross join lateral generate_series(1, r.state_version) v
  where r.id >= $1::uuid and r.id < $2::uuid order by r.id, v`;

/** $1 and $2 as above, $3 task runs of each */
export const TASK_RUNS = `
  insert into task_runs (tenant_id, flow_run_id, number, task_id, ordinal, state, attempt, event_number, try_number, started_at, ended_at,
    upstream, tags, location, result_bytes)
  select r.tenant_id, r.id, g.n, f.first_task + g.n - 1, 0, case when r.state = 'Failed' and g.n = $3::int then 'Failed' else 'Success' end::state, 1,
    g.n * 3, 1, r.started_at, r.started_at + interval '1 second', case when g.n > 1 then array[g.n - 1] else '{}' end, '{}', 'file:///results/' || g.n, 100
  from flow_runs r join seed_flows f on f.id = r.flow_id cross join generate_series(1, $3::int) g(n)
  where r.id >= $1::uuid and r.id < $2::uuid and r.started_at is not null order by r.id, g.n`;

/** The history of task runs. $1 and $2 as above, $3 task runs of each */
export const TASK_RUN_STATES = `
  insert into task_run_states (tenant_id, flow_run_id, attempt, number, task_run_number, state, at)
  select r.tenant_id, r.id, 1, n, (n + 2) / 3, case n % 3 when 1 then 'Pending' when 2 then 'Running' else 'Success' end::state, r.started_at
  from flow_runs r cross join generate_series(1, $3::int * 3) n
  where r.id >= $1::uuid and r.id < $2::uuid and r.started_at is not null order by r.id, n`;

/** One line for each task run. $1, $2 and $3 as above */
export const LOGS = `
  insert into logs (tenant_id, flow_run_id, attempt, number, at, level, task_run_number, text)
  select r.tenant_id, r.id, 1, n * 3, r.started_at, 30, n, 'task ' || n || ' of the flow run ' || r.name || ' has done what it was there for'
  from flow_runs r cross join generate_series(1, $3::int) n
  where r.id >= $1::uuid and r.id < $2::uuid and r.started_at is not null order by r.id, n`;
