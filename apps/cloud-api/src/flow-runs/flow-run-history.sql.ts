const COLUMNS = `s.flow_run_id as "flowRunId", s.version, s.attempt, s.state, s.at, s.message, s.failure`;

/** Histories of many flow runs. $1 tenant, $2 flow runs. */
export const FLOW_RUN_STATES = `
  select ${COLUMNS} from flow_run_states s
  where s.tenant_id = $1 and s.flow_run_id = any($2::uuid[])
  order by s.flow_run_id, s.version`;

/** Newest states of many flow runs, by primary key. $1 tenant, $2 flow runs and $3 their state versions, in pairs. */
export const NEWEST_FLOW_RUN_STATES = `
  select ${COLUMNS} from unnest($2::uuid[], $3::int[]) run(id, version)
  join flow_run_states s on s.tenant_id = $1 and s.flow_run_id = run.id and s.version = run.version`;
