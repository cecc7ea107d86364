/** Version of all that a run shows: every write to it or below it changes one of these. $1 tenant, $2 flow run. */
export const HEAD = `
  select state, state_version as "stateVersion", attempt, event_number as "eventNumber"
  from flow_runs where tenant_id = $1 and id = $2`;

/**
 * Where the next message of a stream ends when much is waiting: at the $5-th event after ($3, $4); no row when there are fewer. So a run
 * with 100,000 events behind it arrives as many messages of bounded size. $1 tenant, $2 flow run.
 */
export const END_OF_MESSAGE = `
  select e.attempt, e.number from (
    (select attempt, number from logs
     where tenant_id = $1 and flow_run_id = $2 and (attempt, number) > ($3, $4) order by attempt, number limit $5)
    union all
    (select attempt, number from task_run_states
     where tenant_id = $1 and flow_run_id = $2 and (attempt, number) > ($3, $4) order by attempt, number limit $5)
  ) e
  order by e.attempt, e.number
  offset $5 - 1 limit 1`;
