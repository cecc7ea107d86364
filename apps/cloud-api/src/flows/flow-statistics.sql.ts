import { isFinished, STATE_NAMES } from "@weir/protocol";
import { stateNumber } from "../flow-runs/find-flow-runs.ts";

const FINISHED = STATE_NAMES.filter(isFinished).map(stateNumber).join(", ");

/**
 * The runs of each of many flows that ended last, newest first: each state's newest by the index flow_runs_ended_of_flow, and of these the newest.
 * $1 tenant, $2 flows, $3 runs of each
 */
export const LAST_ENDED_RUNS = `select f.id as "flowId", r.id, r.name, r.state, r.ended_at as "endedAt",
  extract(epoch from r.ended_at - r.started_at)::float8 as seconds
from unnest($2::uuid[]) f(id)
cross join lateral (
  select o.* from unnest(array[${FINISHED}]::smallint[]) s(number), lateral (
    select r.id, r.name, r.state, r.started_at, r.ended_at from flow_runs r
    where r.tenant_id = $1 and r.flow_id = f.id and r.state_number = s.number and r.ended_at is not null
    order by r.ended_at desc, r.id desc limit $3
  ) o
  order by o.ended_at desc, o.id desc limit $3
) r
order by f.id, r.ended_at desc, r.id desc`;
