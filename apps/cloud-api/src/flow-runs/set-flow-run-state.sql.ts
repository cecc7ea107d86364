import { keepCachedResults } from "../cached-results/cached-result.sql.ts";
import { keepSealKeys } from "../seal-keys/seal-key.sql.ts";
import type { Cell, SqlRows } from "../sql-rows.ts";

// The one statement that changes a flow run after its claim: `run` is the guard, all other parts hang on it.
//
// The race: a report, a cancel, the sweeper of each replica and a second copy of the report may decide on the same run at the same
// moment. Each decided on a view; (attempt, state_version, event_number) is that view's version, and the update takes the row lock and
// checks it again. One wins, the others touch no row, read afresh and decide again. No lock is held while TypeScript thinks, and a
// single statement is a transaction of its own: one round trip, one commit.
//
// Rejected: `begin; select … for update; …; commit`. Four round trips, and the row stays locked through all of them.

/** Which parts a statement has. Each mix is prepared once per connection under its own name. */
export interface Parts {
  readonly onlyWhenExpired: boolean;
  readonly states: SqlRows<string> | null;
  readonly taskRuns: SqlRows<string> | null;
  readonly taskRunStates: SqlRows<string> | null;
  readonly logs: SqlRows<string> | null;
  readonly artifacts: SqlRows<string> | null;
  readonly cachedResults: SqlRows<string> | null;
  readonly sealKeys: SqlRows<string> | null;
  /** Undefined leaves it. */
  readonly pauseOrder: "pause" | null | undefined;
  readonly notify: readonly ("work" | "order" | "run")[];
  /** Whether to tell of limits on runs that have room again, because nobody holds the run any more. */
  readonly asksFreed: boolean;
}

export const STATE_COLUMNS = {
  version: "int4",
  state: "state",
  at: "float8",
  event_number: "int4",
  message: "text",
  failure: "text",
} as const;

export const TASK_RUN_COLUMNS = {
  number: "int4",
  task_id: "int4",
  ordinal: "int4",
  map_index: "int4",
  state: "state",
  event_number: "int4",
  try_number: "int2",
  started_at: "float8",
  ended_at: "float8",
  start_time: "float8",
  parent: "int4",
  map_count: "int4",
  result_bytes: "int8",
  upstream: "text",
  tags: "text",
  key: "text",
  run_name: "text",
  location: "text",
} as const;

/**
 * With the columns that one task run in thousands has. A batch without any is stored by a statement that does not know them: an array of
 * nulls for each of 20,000 task runs a second would be paid for nothing.
 */
export const TASK_RUN_RARE_COLUMNS = {
  ...TASK_RUN_COLUMNS,
  loop_count: "int4",
  /** 1: approved now. -1: what was approved before is void. */
  approval: "int2",
  approval_message: "text",
} as const;

export const TASK_RUN_STATE_COLUMNS = {
  number: "int4",
  task_run_number: "int4",
  state: "state",
  at: "float8",
  detail: "text",
} as const;

export const LOG_COLUMNS = {
  number: "int4",
  at: "float8",
  level: "int2",
  task_run_number: "int4",
  logger: "text",
  text: "text",
} as const;

export const ARTIFACT_COLUMNS = {
  number: "int4",
  at: "float8",
  task_run_number: "int4",
  name: "text",
  kind: "artifact_kind",
  data: "text",
} as const;

export const CACHED_RESULT_COLUMNS = {
  key_hash: "text",
  location_hash: "text",
  number: "int4",
  at: "float8",
  expires_at: "float8",
  location: "text",
  digests: "text",
} as const;

/** Values of `run` itself: $1 … $8, and with a state part $9 … $14. */
export const RUN_VALUES = 8;
export const STATE_VALUES = 6;

// $7 is the lease in seconds from now; 0 leaves it, null ends it.
const LEASE = `lease_expires_at = case when $7::float8 is null then null when $7 = 0 then lease_expires_at
    else now() + $7 * interval '1 second' end`;

const STATE_ASSIGNMENTS = `,
    state = $9::state,
    state_version = $10::int4,
    started_at = coalesce(started_at, to_timestamp($11::float8 / 1000)),
    ended_at = case when $12::float8 is null then null when $12 < 0 then now() else to_timestamp($12 / 1000) end,
    scheduled_start_time = coalesce(now() + $13::float8 * interval '1 second', scheduled_start_time),
    recoveries = coalesce($14::int4, recoveries),
    agent_id = case when $9::state in ('Scheduled', 'Retrying', 'Paused') then null else agent_id end`;

/** The statement's text and the name under which it is prepared. */
export function changeStatement(parts: Parts): { name: string; text: string } {
  // Short, because Postgres cuts the name of a prepared statement at 63 characters.
  const written = presentParts(parts).map((part) => (part === "taskRuns" && hasRare(parts) ? "T" : SHORT[part]));
  const name = ["change", ...written, ...parts.notify, ...marks(parts)].join(" ");
  let text = texts.get(name);
  if (text === undefined) texts.set(name, (text = build(parts)));
  return { name, text };
}

function marks({ onlyWhenExpired, pauseOrder, asksFreed }: Parts): string[] {
  const pause = pauseOrder === undefined ? [] : [pauseOrder ?? "unpause"];
  return [...(onlyWhenExpired ? ["expired"] : []), ...pause, ...(asksFreed ? ["freed"] : [])];
}

/** The values of the parts, in the order of the text. */
export function partValues(parts: Parts): Cell[] {
  return WRITTEN.flatMap((part) => parts[part]?.values() ?? []);
}

const WRITTEN = ["states", "taskRuns", "taskRunStates", "logs", "artifacts", "cachedResults", "sealKeys"] as const;
const SHORT = {
  states: "s",
  taskRuns: "t",
  taskRunStates: "h",
  logs: "l",
  artifacts: "a",
  cachedResults: "c",
  sealKeys: "k",
} as const;
const RARE_COLUMNS = Object.keys(TASK_RUN_RARE_COLUMNS).length;
const hasRare = ({ taskRuns }: Parts) => taskRuns?.columnCount === RARE_COLUMNS;
const texts = new Map<string, string>();
const presentParts = (parts: Parts) => WRITTEN.filter((part) => parts[part] !== null);

function build(parts: Parts): string {
  let next = RUN_VALUES + (parts.states === null ? 0 : STATE_VALUES) + 1;
  const ctes = [guard(parts)];
  for (const part of presentParts(parts)) {
    const rows = parts[part];
    if (rows === null) continue;
    ctes.push(`${part} as (${INSERTS[part](rows.unnest(next), hasRare(parts))})`);
    next += rows.columnCount;
  }
  const notifications = parts.notify.map((topic) => NOTIFY[topic]);
  const told = ['order_version as "orderVersion"', ...(parts.asksFreed ? [FREED] : []), ...notifications];
  return `with ${ctes.join(",\n")}\nselect ${told.join(", ")} from run`;
}

const FREED = `exists (select from run_limits l where l.tenant_id = $2::uuid and l.label = any (run.labels)) as "freedLimit"`;

const NOTIFY = {
  work: "pg_notify('weir_work', $2::text)",
  order: "pg_notify('weir_order', $1::text)",
  run: "pg_notify('weir_run', $1::text)",
} as const;

// `is true` keeps the tenant from being an index condition: see claim-flow-runs.sql.ts on young tenants.
function guard(parts: Parts): string {
  return `run as (
  update flow_runs set event_number = $6::int4, ${LEASE}${parts.states === null ? "" : STATE_ASSIGNMENTS}${pauseAssignment(parts)}
  where id = $1::uuid and (tenant_id = $2::uuid) is true and attempt = $3::int4 and state_version = $4::int4 and event_number = $5::int4
    and ($8::int4 is null or order_version = $8)${parts.onlyWhenExpired ? " and lease_expires_at < now()" : ""}
  returning id, order_version${parts.asksFreed ? ", labels" : ""}
)`;
}

function pauseAssignment({ pauseOrder }: Parts): string {
  return pauseOrder === undefined ? "" : `,\n    pause_order = ${pauseOrder === null ? "null" : `'${pauseOrder}'`}`;
}

// Of a task run: -1 is now, -2 leaves what stands (its result was told later).
const ENDED_AT = `case when u.ended_at = -2 then '-infinity' when u.ended_at < 0 then now() else to_timestamp(u.ended_at / 1000) end`;

// A task run that begins again in a later attempt, or is restarted, goes on with its turns where it stood: the last one's value lies at its
// location. One that had succeeded begins with its first.
const LOOPING = `(t.loop_count is not null and t.state not in ('Success', 'Cached', 'Mapped', 'Skipped'))`;
const APPROVED_AT = `case u.approval when 1 then now() when -1 then '-infinity'::timestamptz end`;
const APPROVAL = `,
    approved_at = case when excluded.approved_at = '-infinity' then null else coalesce(excluded.approved_at, t.approved_at) end,
    approval_message = case when excluded.approved_at = '-infinity' then null else coalesce(excluded.approval_message, t.approval_message) end`;

const INSERTS = {
  states: (rows: string) => `
  insert into flow_run_states (tenant_id, flow_run_id, version, attempt, state, at, event_number, message, failure)
  select $2, $1, u.version, $3, u.state, coalesce(to_timestamp(u.at / 1000), now()), u.event_number, u.message, u.failure::jsonb
  from run, ${rows}`,
  // A row with a task_id declares (or begins again) the task run: it replaces all. One without (0) moves a task run that is known to
  // exist: what it leaves out stays. An upsert for both, because it always goes by the primary key; an update joined with unnest
  // scans all task runs of the flow run once the planner believes that to be cheaper.
  taskRuns: (rows: string, rare: boolean) => `
  insert into task_runs as t (tenant_id, flow_run_id, number, task_id, ordinal, map_index, state, attempt, event_number, try_number,
    started_at, ended_at, start_time, parent, map_count, result_bytes, upstream, tags, key, run_name, location${
      rare ? ", loop_count, approved_at, approval_message" : ""
    })
  select $2, $1, u.number, u.task_id, u.ordinal, u.map_index, u.state, $3, u.event_number, u.try_number,
    to_timestamp(u.started_at / 1000), ${ENDED_AT}, to_timestamp(u.start_time / 1000),
    u.parent, u.map_count, u.result_bytes, u.upstream::int4[], u.tags::text[], u.key, u.run_name, u.location${
      rare ? `, u.loop_count, ${APPROVED_AT}, u.approval_message` : ""
    }
  from run, ${rows}
  on conflict (flow_run_id, number) do update set
    state = excluded.state, attempt = excluded.attempt, event_number = excluded.event_number, try_number = excluded.try_number,
    ended_at = case when excluded.ended_at = '-infinity' then t.ended_at else excluded.ended_at end, start_time = excluded.start_time,
    task_id = case when excluded.task_id = 0 then t.task_id else excluded.task_id end,
    ordinal = case when excluded.task_id = 0 then t.ordinal else excluded.ordinal end,
    map_index = case when excluded.task_id = 0 then t.map_index else excluded.map_index end,
    parent = case when excluded.task_id = 0 then t.parent else excluded.parent end,
    upstream = case when excluded.task_id = 0 then t.upstream else excluded.upstream end,
    tags = case when excluded.task_id = 0 then t.tags else excluded.tags end,
    key = case when excluded.task_id = 0 then t.key else excluded.key end,
    run_name = case when excluded.task_id = 0 then coalesce(excluded.run_name, t.run_name) else excluded.run_name end,
    started_at = case when excluded.task_id = 0 then coalesce(t.started_at, excluded.started_at) else excluded.started_at end,
    map_count = case when excluded.task_id = 0 then coalesce(excluded.map_count, t.map_count) else excluded.map_count end,
    result_bytes = case when excluded.task_id = 0 or ${LOOPING} then coalesce(excluded.result_bytes, t.result_bytes) else excluded.result_bytes end,
    location = case when excluded.task_id = 0 or ${LOOPING} then coalesce(excluded.location, t.location) else excluded.location end,
    loop_count = case when excluded.task_id = 0 or ${LOOPING} then ${rare ? "coalesce(excluded.loop_count, t.loop_count)" : "t.loop_count"}
      else ${rare ? "excluded.loop_count" : "null"} end${rare ? APPROVAL : ""}`,
  taskRunStates: (rows: string) => `
  insert into task_run_states (tenant_id, flow_run_id, attempt, number, task_run_number, state, at, detail)
  select $2, $1, $3, u.number, u.task_run_number, u.state, coalesce(to_timestamp(u.at / 1000), now()), u.detail::jsonb
  from run, ${rows}`,
  logs: (rows: string) => `
  insert into logs (tenant_id, flow_run_id, attempt, number, at, level, task_run_number, logger, text)
  select $2, $1, $3, u.number, coalesce(to_timestamp(u.at / 1000), now()), u.level, u.task_run_number, u.logger, u.text
  from run, ${rows}`,
  artifacts: (rows: string) => `
  insert into artifacts (tenant_id, flow_run_id, attempt, number, at, task_run_number, name, kind, data)
  select $2, $1, $3, u.number, to_timestamp(u.at / 1000), u.task_run_number, u.name, u.kind, u.data::jsonb
  from run, ${rows}`,
  cachedResults: keepCachedResults,
  sealKeys: keepSealKeys,
} as const;
