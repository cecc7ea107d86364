import { isSuccessful, isTerminal, Refusal, type StateName } from "@weir/protocol";
import type { Pool, PoolClient } from "pg";
import { inTransaction } from "../database/in-transaction.ts";
import { listLiteral, SqlRows } from "../sql-rows.ts";
import { readForgotten } from "./forgotten-runs.ts";
import { requireFlowRun } from "./read-flow-run.ts";
import { type RestartableTaskRun, restartSet } from "./restart-set.ts";
import type { RunView } from "./run-view.ts";
import { TASK_RUN_RARE_COLUMNS, TASK_RUN_STATE_COLUMNS } from "./set-flow-run-state.sql.ts";
import { type FlowRunChange, MOST_DECISIONS, setFlowRunState } from "./set-flow-run-state.ts";

interface TaskRunOfRun extends RestartableTaskRun {
  readonly taskId: number;
  readonly ordinal: number;
  readonly tags: string[];
  readonly key: string | null;
  readonly runName: string | null;
}

const TASK_RUNS = `select number, state, parent, map_index as "mapIndex", map_count as "mapCount",
  coalesce(upstream, '{}') as upstream, task_id as "taskId", ordinal, coalesce(tags, '{}') as tags, key, run_name as "runName"
from task_runs where tenant_id = $1 and flow_run_id = $2 order by number`;

/**
 * Starts a run that ended without success again: task runs that did not succeed, and all downstream of them, go back to Pending; the others
 * keep their results. The next claim is a new attempt of the same run.
 * @throws Refusal NOT_FOUND, NOT_FINISHED while it runs, CONFLICT when it succeeded or its history was dropped
 */
export async function restartFlowRun(
  pool: Pool,
  wanted: { tenantId: string; id: string },
): Promise<{ state: StateName }> {
  for (let decided = 0; decided < MOST_DECISIONS; decided += 1) {
    const view = await requireFlowRun(pool, wanted.tenantId, wanted.id);
    assertRestartable(view);
    if (await inTransaction(pool, (client) => restartAsSeen(client, view))) return { state: "Scheduled" };
  }
  throw new Refusal("OVERLOADED", `Flow run ${wanted.id} changes too quickly at this moment; restart it again.`, {
    retryAfterSeconds: 1,
  });
}

/**
 * Reading the task runs takes a lock of their table, which is held until the commit: retention drops no day in between, and one that it has dropped is
 * seen to be gone. A run that began again without its day could store nothing.
 */
async function restartAsSeen(client: PoolClient, view: RunView): Promise<boolean> {
  const { tenantId, runId } = view;
  const named = { name: "restart-task-runs", text: TASK_RUNS, values: [tenantId, runId] };
  const { rows } = await client.query<TaskRunOfRun>(named);
  if ((await readForgotten(client, [runId])).get(runId) ?? true) {
    throw new Refusal(
      "CONFLICT",
      `The task runs of flow run ${runId} were dropped: it is older than this cloud keeps them. Create a new run instead.`,
    );
  }
  return await setFlowRunState(client, restarting(view, rows));
}

function assertRestartable({ runId, state }: RunView): void {
  if (!isTerminal(state)) {
    throw new Refusal(
      "NOT_FINISHED",
      `Flow run ${runId} is ${state}; only a run that is over can be restarted. Cancel it first, or wait.`,
    );
  }
  if (isSuccessful(state)) {
    throw new Refusal(
      "CONFLICT",
      `Flow run ${runId} ended ${state}, so there is nothing to restart. Create a new run instead.`,
    );
  }
}

function restarting(view: RunView, taskRuns: readonly TaskRunOfRun[]): FlowRunChange {
  const chosen = restartSet(taskRuns);
  const rows = new SqlRows(TASK_RUN_RARE_COLUMNS);
  const history = new SqlRows(TASK_RUN_STATE_COLUMNS);
  let eventNumber = view.eventNumber;
  for (const taskRun of taskRuns) {
    if (!chosen.has(taskRun.number)) continue;
    eventNumber += 1;
    rows.push(pendingAgain(taskRun, eventNumber));
    history.push({
      number: eventNumber,
      task_run_number: taskRun.number,
      state: "Pending",
      at: null,
      detail: RESTARTED,
    });
  }
  const message = `restarted; ${chosen.size} of ${taskRuns.length} task runs begin again`;
  return {
    view,
    moves: [{ state: "Scheduled", at: null, eventNumber: null, message, failure: null }],
    eventNumber,
    dueInSeconds: 0,
    recoveries: 0,
    pauseOrder: null,
    taskRuns: rows,
    taskRunStates: history,
    notify: ["work", "run"],
  };
}

const RESTARTED = JSON.stringify({ message: "restarted", by: "cloud" });

function pendingAgain(taskRun: TaskRunOfRun, eventNumber: number) {
  return {
    number: taskRun.number,
    task_id: taskRun.taskId,
    ordinal: taskRun.ordinal,
    map_index: taskRun.mapIndex,
    state: "Pending",
    event_number: eventNumber,
    try_number: 0,
    started_at: null,
    ended_at: null,
    start_time: null,
    parent: taskRun.parent,
    map_count: null,
    result_bytes: null,
    upstream: listLiteral(taskRun.upstream),
    tags: listLiteral(taskRun.tags),
    key: taskRun.key,
    run_name: taskRun.runName,
    location: null,
    // Turns that are over stay over, as in every later attempt. An approval was given for the run that failed.
    loop_count: null,
    approval: -1,
    approval_message: null,
  };
}
