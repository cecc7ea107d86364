// A task run's row knows its task by number and its newest state's text not at all: names and details are joined here, once for all readers.
// An empty list is stored as null: 16 bytes less. Rows of earlier versions have it as a list.
const COLUMNS = `
  tr.flow_run_id as "flowRunId", tr.number, t.name as task, tr.run_name as "name", tr.ordinal, tr.key, tr.map_index as "mapIndex", tr.parent,
  tr.state, tr.try_number as "tryNumber", tr.attempt, tr.event_number as "eventNumber", tr.started_at as "startedAt", tr.ended_at as "endedAt",
  tr.start_time as "startTime", tr.location, tr.result_bytes::float8 as "resultBytes", tr.map_count as "mapCount",
  coalesce(tr.upstream, '{}') as upstream, coalesce(tr.tags, '{}') as tags,
  tr.loop_count as "loopCount", tr.approved_at as "approvedAt", tr.approval_message as "approvalMessage",
  s.detail->>'message' as message, s.detail->'failure' as failure`;

const JOINS = `
  join tasks t on t.tenant_id = tr.tenant_id and t.id = tr.task_id
  left join task_run_states s
    on s.tenant_id = tr.tenant_id and s.flow_run_id = tr.flow_run_id and s.attempt = tr.attempt and s.number = tr.event_number`;

/**
 * One page of task runs for each of many flow runs, in one statement: `lateral`, because a `limit` over all runs together would give
 * one run's rows to another. The page is cut before anything is joined to it; otherwise the planner joins the whole run and cuts then.
 * $1 tenant, $2 flow runs, $3 and $4 numbers (both left out), $5 rows of a page.
 */
export function taskRunPages(direction: "asc" | "desc"): string {
  return `
    select ${COLUMNS}
    from unnest($2::uuid[]) run(id)
    cross join lateral (
      select * from task_runs one
      where one.tenant_id = $1 and one.flow_run_id = run.id and one.number > $3 and one.number < $4
      order by one.number ${direction}
      limit $5
    ) tr ${JOINS}
    order by tr.flow_run_id, tr.number ${direction}`;
}

/**
 * Task runs that changed between two events, and not again after that: what did is told with its newest event, so that a long history tells each
 * of them once. Found by their history and not by their own rows: those have no index by event, and a run with 10,000 task runs is asked every
 * second. $1 tenant, $2 flow run, after ($3, $4), up to and with ($5, $6).
 */
export const CHANGED_TASK_RUNS = `
  with changed as (
    select distinct task_run_number as number from task_run_states
    where tenant_id = $1 and flow_run_id = $2 and (attempt, number) > ($3, $4) and (attempt, number) <= ($5, $6)
  )
  select ${COLUMNS}
  from changed
  join task_runs tr on tr.tenant_id = $1 and tr.flow_run_id = $2 and tr.number = changed.number ${JOINS}
  where (tr.attempt, tr.event_number) <= ($5, $6)
  order by tr.number`;

/**
 * Histories of many task runs. History has no index by task run, so the whole history of each flow run is walked, once: a join with the
 * asked pairs was planned as one walk per pair (1.2 s for 200 task runs of 10,000; this: 4 ms). Numbers of one run are answered for the
 * others too; the reader drops them. $1 tenant, $2 flow runs, $3 numbers.
 */
export const TASK_RUN_STATES = `
  select s.flow_run_id as "flowRunId", s.task_run_number as "taskRunNumber", s.attempt, s.number, s.state, s.at,
    s.detail->>'message' as message, s.detail->'failure' as failure, (s.detail->>'tryNumber')::int as "tryNumber",
    s.detail->>'refused' as refused
  from task_run_states s
  where s.tenant_id = $1 and s.flow_run_id = any($2::uuid[]) and s.task_run_number = any($3::int[])
  order by s.flow_run_id, s.attempt, s.number`;
