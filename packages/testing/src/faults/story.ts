import type { StateName } from "@weir/protocol";
import type { Store } from "@weir/sdk/results";
import type { Pool } from "pg";
import type { Effect } from "./effects.ts";

/** One row of a flow run's history. */
export interface FlowState {
  readonly version: number;
  readonly attempt: number;
  readonly state: StateName;
  readonly at: number;
  readonly eventNumber: number | null;
  readonly message: string | null;
}

/** One row of a task run's history. */
export interface TaskState {
  readonly attempt: number;
  readonly number: number;
  readonly taskRunNumber: number;
  readonly state: StateName;
  readonly refused: string | null;
}

export interface StoredTaskRun {
  readonly number: number;
  readonly task: string;
  readonly ordinal: number;
  readonly mapIndex: number | null;
  readonly state: StateName;
  readonly location: string | null;
  /** What lies at the location, read as a later attempt would read it. Null: there is no location. */
  readonly result: { readonly value: unknown } | { readonly problem: string } | null;
}

export interface StoredLog {
  readonly attempt: number;
  readonly number: number;
  readonly logger: string | null;
  readonly text: string;
}

/** All that the database holds of one run, and all that its tasks left behind outside of Weir. */
export interface Story {
  readonly id: string;
  readonly state: StateName;
  readonly stateVersion: number;
  readonly attempt: number;
  readonly eventNumber: number;
  readonly leased: boolean;
  readonly states: readonly FlowState[];
  readonly taskRuns: readonly StoredTaskRun[];
  readonly taskStates: readonly TaskState[];
  readonly logs: readonly StoredLog[];
  /** Numbers of its artifacts, by attempt. */
  readonly artifacts: readonly { readonly attempt: number; readonly number: number }[];
  readonly effects: readonly Effect[];
}

const RUN = `select id, state, state_version as "stateVersion", attempt, event_number as "eventNumber", lease_expires_at is not null as leased
from flow_runs where id = $1`;
const STATES = `select version, attempt, state, (extract(epoch from at) * 1000)::float8 as at, event_number as "eventNumber", message
from flow_run_states where flow_run_id = $1 order by version`;
const TASK_RUNS = `select t.number, k.name as task, t.ordinal, t.map_index as "mapIndex", t.state, t.location
from task_runs t join tasks k on k.id = t.task_id where t.flow_run_id = $1 order by t.number`;
const TASK_STATES = `select attempt, number, task_run_number as "taskRunNumber", state, detail ->> 'refused' as refused
from task_run_states where flow_run_id = $1 order by attempt, number`;
const LOGS = `select attempt, number, logger, text from logs where flow_run_id = $1 order by attempt, number`;
const ARTIFACTS = `select attempt, number from artifacts where flow_run_id = $1`;

type RunRow = Omit<Story, "states" | "taskRuns" | "taskStates" | "logs" | "artifacts" | "effects">;

/** Where a story is read from. */
export interface Sources {
  readonly pool: Pool;
  /** The store that the tasks' results were written by. */
  readonly store: Pick<Store, "read">;
  readonly effects: readonly Effect[];
}

/** Undefined when there is no such run, which for a run whose creation was acknowledged is a violation by itself. */
export async function readStory({ pool, store, effects }: Sources, id: string): Promise<Story | undefined> {
  const [run] = (await pool.query<RunRow>(RUN, [id])).rows;
  if (run === undefined) return undefined;
  const taskRuns = (await pool.query<Omit<StoredTaskRun, "result">>(TASK_RUNS, [id])).rows;
  return {
    ...run,
    states: (await pool.query<FlowState>(STATES, [id])).rows,
    taskRuns: await Promise.all(
      taskRuns.map(async (row) => ({ ...row, result: await readResult(store, row.location) })),
    ),
    taskStates: (await pool.query<TaskState>(TASK_STATES, [id])).rows,
    logs: (await pool.query<StoredLog>(LOGS, [id])).rows,
    artifacts: (await pool.query<Story["artifacts"][number]>(ARTIFACTS, [id])).rows,
    effects: effects.filter(({ run }) => run === id),
  };
}

async function readResult(store: Pick<Store, "read">, location: string | null): Promise<StoredTaskRun["result"]> {
  if (location === null) return null;
  try {
    return { value: await store.read(location) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
