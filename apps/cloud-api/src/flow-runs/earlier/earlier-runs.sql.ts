import { stateNumber } from "../find-flow-runs.ts";

/** Runs that a median is taken of at most, and at least. */
const MOST_RUNS = 50;
export const FEWEST_RUNS = 3;

/**
 * For each of many runs, the successful ones of its flow that ended before it began (or was over, or now): how long they usually took, and the
 * newest. Each walks the index flow_runs_ended_of_flow. $1 tenant, $2 flow runs
 */
export const EARLIER_RUNS = `select run.id, e.runs, e.seconds, e.newest
from flow_runs run
cross join lateral (
  select count(s.seconds)::int as runs, percentile_cont(0.5) within group (order by s.seconds) as seconds, (array_agg(s.id order by s.ended_at desc, s.id desc))[1] as newest
  from (
    select o.id, o.ended_at, extract(epoch from o.ended_at - o.started_at)::float8 as seconds
    from flow_runs o
    where o.tenant_id = $1 and o.flow_id = run.flow_id and o.state_number = ${stateNumber("Success")}
      and o.ended_at < coalesce(run.started_at, run.ended_at, now())
    order by o.ended_at desc, o.id desc limit ${MOST_RUNS}
  ) s
) e
where run.tenant_id = $1 and run.id = any ($2::uuid[])`;
