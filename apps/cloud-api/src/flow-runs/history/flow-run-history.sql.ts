import { isClaimable, isFinished, STATE_NAMES } from "@weir/protocol";
import { stateNumber } from "../find-flow-runs.ts";

const FINISHED = STATE_NAMES.filter(isFinished).map(stateNumber).join(", ");
/** Not over, and in no partial index by their time. */
const OPEN = STATE_NAMES.filter((state) => !isFinished(state) && !isClaimable(state))
  .map(stateNumber)
  .join(", ");

const OWN = "r.tenant_id = $1";

/** What the conditions look at. Parameters may be large: they are read only where one asks for them. */
const row = (withParameters: boolean) => `r.id, r.flow_id, r.state, r.state_number, r.name, r.labels, r.created_at,
  r.started_at, r.ended_at, r.scheduled_start_time, r.agent_id, r.parent_run_id,
  ${withParameters ? "r.parameters <> '{}'" : "null::boolean"} as has_parameters`;

/** Runs that ended in the window, newest first: by the index of all of them, or by that of each flow and state. */
function ended(columns: string, flowIds: string | null): string {
  const newest = (where: string) =>
    `select ${columns} from flow_runs r where ${OWN} ${where} and r.ended_at >= $2 and r.ended_at < $3 order by r.ended_at desc, r.id desc limit $5`;
  if (flowIds === null) return newest("");
  const own = newest("and r.flow_id = f.id and r.state_number = s.number");
  return `select o.* from unnest(${flowIds}::uuid[]) f(id), unnest(array[${FINISHED}]::smallint[]) s(number), lateral (${own}) o`;
}

export interface HistoryQuestion {
  /** Of SQL, on a row `r`. */
  readonly conditions: string;
  readonly withParameters: boolean;
  /** Placeholder of the flows' ids; null: whatever flow. */
  readonly flowIds: string | null;
}

/**
 * Runs by span of time and state: how many were looked at, and how many of them are wanted. A run that is over stands where it ended, any other
 * where it is scheduled for. Only the newest are looked at, before the conditions choose among them: each part walks an index, newest first, and
 * ends at the limit. $1 tenant, $2 from, $3 to, $4 seconds of a span, $5 runs to look at
 */
export function flowRunHistory({ conditions, withParameters, flowIds }: HistoryQuestion): string {
  const columns = row(withParameters);
  const scheduled = "r.scheduled_start_time >= $2 and r.scheduled_start_time < $3";
  return `select floor(extract(epoch from r.at - $2::timestamptz) / $4::float8)::int as span, r.state,
  count(*)::int as seen, (count(*) filter (where ${conditions}))::int as runs
from (
  select r.*, coalesce(r.ended_at, r.scheduled_start_time) as at from (
    (${ended(columns, flowIds)})
    union all
    (select ${columns} from flow_runs r
     where ${OWN} and r.state in ('Scheduled', 'Resume', 'Retrying') and ${scheduled}
     order by r.scheduled_start_time desc, r.id desc limit $5)
    union all
    (select o.* from unnest(array[${OPEN}]::smallint[]) s(number), lateral (
       select ${columns} from flow_runs r where ${OWN} and r.state_number = s.number and ${scheduled} order by r.id desc limit $5) o)
  ) r
  order by at desc, r.id desc limit $5
) r
group by span, r.state`;
}
