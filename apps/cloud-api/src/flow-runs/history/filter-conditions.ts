import { isId } from "@weir/protocol";
import { likeText } from "../../database/like-text.ts";
import { type FlowRunFilter, LATE_SECONDS, stateNumber } from "../find-flow-runs.ts";

/** Puts a value among those of a statement and answers its place. @example given("default") // "$4" */
export type Given = (value: unknown) => string;

const ofTenant = (alias: string) => `${alias}.tenant_id = $1`;
/** Flow and project are looked up before: `flowIdsOf`. */
type Narrowing = Omit<FlowRunFilter, "flow" | "project">;
type Value<K extends keyof Narrowing> = NonNullable<Narrowing[K]>;
const since = (column: string) => (at: Date, given: Given) => `r.${column} >= ${given(at)}::timestamptz`;
const until = (column: string) => (at: Date, given: Given) => `r.${column} < ${given(at)}::timestamptz`;

/** What each property of a filter asks of a row `r` of `flowRunHistory`; $1 is the tenant. A test compares with what lists find. */
const CONDITIONS: { readonly [K in keyof Required<Narrowing>]: (value: Value<K>, given: Given) => string } = {
  state: (states, given) => `r.state_number = any (${given(states.map(stateNumber))}::smallint[])`,
  labels: (labels, given) => `r.labels @> ${given(labels)}::text[]`,
  nameContains: (part, given) => `r.name ilike ${given(`%${likeText(part)}%`)}`,
  createdAfter: since("created_at"),
  createdBefore: until("created_at"),
  startedAfter: since("started_at"),
  startedBefore: until("started_at"),
  endedAfter: since("ended_at"),
  endedBefore: until("ended_at"),
  hasParameters: (wanted, given) => `r.has_parameters = ${given(wanted)}::boolean`,
  isLate: (wanted, given) =>
    `(r.state_number in (${stateNumber("Scheduled")}, ${stateNumber("Retrying")})
       and r.scheduled_start_time < now() - interval '${LATE_SECONDS} seconds') = ${given(wanted)}::boolean`,
  agent: (name, given) =>
    `r.agent_id in (select a.id from agents a where ${ofTenant("a")} and a.name = ${given(name)})`,
  // Text that is no id names no run, and Postgres would not take it.
  parent: (id, given) => (isId(id) ? `r.parent_run_id = ${given(id)}::uuid` : "false"),
  schedule: (name, given) =>
    `exists (select from schedule_slots o join schedules s on s.tenant_id = o.tenant_id and s.id = o.schedule_id
       where ${ofTenant("o")} and o.flow_run_id = r.id and s.name = ${given(name)})`,
};

/** A filter as conditions of SQL on a row `r` of `flowRunHistory`, joined by `and`. `flowIds` is the placeholder of its flows' ids, or null. */
export function filterConditions(filter: FlowRunFilter, flowIds: string | null, given: Given): string {
  const names = Object.keys(CONDITIONS) as (keyof Narrowing)[];
  const own = names.flatMap((name) => conditionOf(name, filter, given));
  return [...(flowIds === null ? [] : [`r.flow_id = any (${flowIds}::uuid[])`]), ...own].join(" and ") || "true";
}

function conditionOf<K extends keyof Narrowing>(name: K, filter: Narrowing, given: Given): string[] {
  const value = filter[name];
  return value === undefined || value === null ? [] : [CONDITIONS[name](value, given)];
}
