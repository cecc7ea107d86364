import type { StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { type EventPosition, LAST_NUMBER, type Page } from "../graphql/page.ts";
import { CHANGED_TASK_RUNS, TASK_RUN_STATES, taskRunPages } from "./task-run.sql.ts";

/** A task run as people see it: with its task's name, and message and failure of its newest state. */
export interface TaskRunRow {
  readonly flowRunId: string;
  readonly number: number;
  readonly task: string;
  readonly name: string | null;
  readonly ordinal: number;
  readonly key: string | null;
  readonly mapIndex: number | null;
  readonly parent: number | null;
  readonly state: StateName;
  readonly tryNumber: number;
  readonly attempt: number;
  readonly eventNumber: number;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly startTime: Date | null;
  readonly location: string | null;
  readonly resultBytes: number | null;
  readonly mapCount: number | null;
  readonly upstream: number[];
  readonly tags: string[];
  readonly loopCount: number | null;
  readonly approvedAt: Date | null;
  readonly approvalMessage: string | null;
  readonly message: string | null;
  readonly failure: unknown;
}

export interface TaskRunStateRow {
  readonly flowRunId: string;
  readonly taskRunNumber: number;
  readonly attempt: number;
  readonly number: number;
  readonly state: StateName;
  readonly at: Date;
  readonly message: string | null;
  readonly failure: unknown;
  readonly tryNumber: number | null;
  readonly refused: string | null;
}

/** One page of task runs for each of many flow runs, by flow run. */
export async function readTaskRunPages(pool: Pool, tenantId: string, runs: readonly string[], page: Page<number>) {
  const { rows } = await pool.query<TaskRunRow>(taskRunPages(page.fromEnd ? "desc" : "asc"), [
    tenantId,
    runs,
    page.after ?? 0,
    page.before ?? LAST_NUMBER,
    page.limit,
  ]);
  return Map.groupBy(rows, (row) => row.flowRunId);
}

/** Task runs of one flow run that changed after one event, up to and with another. */
export async function readChangedTaskRuns(
  pool: Pool,
  tenantId: string,
  runId: string,
  after: EventPosition,
  upTo: EventPosition,
): Promise<TaskRunRow[]> {
  const { rows } = await pool.query<TaskRunRow>(CHANGED_TASK_RUNS, [
    tenantId,
    runId,
    after.attempt,
    after.number,
    upTo.attempt,
    upTo.number,
  ]);
  return rows;
}

/** The key under which `readTaskRunStates` answers. */
export function taskRunKey(flowRunId: string, number: number): string {
  return `${flowRunId} ${number}`;
}

/** Histories of many task runs, each oldest first, by `taskRunKey`. */
export async function readTaskRunStates(pool: Pool, tenantId: string, keys: readonly string[]) {
  const pairs = keys.map((key) => key.split(" "));
  const runs = new Set(pairs.map(([run]) => run));
  const numbers = new Set(pairs.map(([, number]) => Number(number)));
  const { rows } = await pool.query<TaskRunStateRow>(TASK_RUN_STATES, [tenantId, [...runs], [...numbers]]);
  return Map.groupBy(rows, (row) => taskRunKey(row.flowRunId, row.taskRunNumber));
}
