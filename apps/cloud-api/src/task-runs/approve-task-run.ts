import { isHeld, isTerminal, Refusal, SEALED_TEXT, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { requireFlowRun } from "../flow-runs/read-flow-run.ts";
import type { RunView, TaskRunView } from "../flow-runs/run-view.ts";
import { type FlowRunChange, MOST_DECISIONS, setFlowRunState } from "../flow-runs/set-flow-run-state.ts";
import { TaskRunChanges } from "./task-run-changes.ts";

/** What a person lets go on. */
export interface Approval {
  readonly tenantId: string;
  readonly flowRunId: string;
  readonly number: number;
  readonly message?: string;
}

type PausedView = TaskRunView & { readonly approved: boolean };

const TASK_RUN = `select state, attempt, try_number as "tryNumber", approved_at is not null as approved from task_runs
where tenant_id = $1 and flow_run_id = $2 and number = $3`;

// Of a run that is held: its engine numbers the events, so it is the one to report Resume; until it has, it is told by an order.
// The race: its holder gives the run back at this moment, having seen no approval. Both change the run's row: whoever comes second finds another
// order_version, or a run that nobody holds, and decides anew. So an approval is never recorded for a run that just went to wait for it.
const RECORD = `with run as (
  update flow_runs set order_version = order_version + 1
  where id = $2 and (tenant_id = $1) is true and attempt = $4 and state in ('Submitted', 'Running')
  returning id
),
approved as (
  update task_runs t set approved_at = now(), approval_message = $5
  from run where t.flow_run_id = $2 and t.number = $3 and t.state = 'Paused' and t.approved_at is null
  returning t.number
)
select pg_notify('weir_order', run.id::text), pg_notify('weir_run', run.id::text) from run, approved`;

/**
 * Lets a paused task run go on. Of a run that waits it becomes Resume, and the run can be claimed at once, unless a person paused the run
 * itself; of a run that is held its engine is told.
 * @throws Refusal NOT_FOUND, CONFLICT when it is not paused, or its flow run is over or being cancelled
 */
export async function approveTaskRun(pool: Pool, wanted: Approval): Promise<{ state: StateName }> {
  const { tenantId, flowRunId, number, message = null } = wanted;
  for (let decided = 0; decided < MOST_DECISIONS; decided += 1) {
    const view = await requireFlowRun(pool, tenantId, flowRunId);
    const { rows } = await pool.query<PausedView>(TASK_RUN, [tenantId, flowRunId, number]);
    const taskRun = requirePaused(view, number, rows[0]);
    if (!isHeld(view.state)) {
      if (await setFlowRunState(pool, approving(view, wanted, taskRun))) return { state: "Resume" };
      continue;
    }
    if (taskRun.approved) return { state: "Paused" };
    const { rowCount } = await pool.query(RECORD, [tenantId, flowRunId, number, view.attempt, message]);
    if (rowCount === 1) return { state: "Paused" };
  }
  throw new Refusal("OVERLOADED", `Flow run ${flowRunId} changes too quickly at this moment; approve it again.`, {
    retryAfterSeconds: 1,
  });
}

function requirePaused({ runId, state }: RunView, number: number, taskRun: PausedView | undefined): PausedView {
  const name = `Task run ${number} of flow run ${runId}`;
  if (taskRun === undefined) {
    throw new Refusal("NOT_FOUND", `${name} does not exist. See them with \`weir runs show ${runId}\`.`);
  }
  if (isTerminal(state) || state === "Cancelling") {
    const is = isTerminal(state) ? `over (${state})` : "being cancelled";
    throw new Refusal("CONFLICT", `${name} cannot be approved any more: the flow run is ${is}.`);
  }
  if (taskRun.state === "Paused") return taskRun;
  throw new Refusal("CONFLICT", `${name} is ${taskRun.state}, not Paused; it waits for nobody's approval.`);
}

function approving(view: RunView, { number, message }: Approval, taskRun: TaskRunView): FlowRunChange {
  const changes = new TaskRunChanges(view.attempt, () => taskRun);
  const eventNumber = view.eventNumber + 1;
  changes.approve(eventNumber, number, message);
  // A run that a person paused goes on when that person says so, with the approval in hand.
  const stays = view.state === "Resume" || view.pauseOrder === "pause";
  // What is sealed stands whole in the task run's own history: within a sentence nobody would find it to open it.
  const reason = message === undefined || message === "" || message.startsWith(SEALED_TEXT) ? "" : `: ${message}`;
  const why = `a person approved task run ${number}${reason}`;
  return {
    view,
    onlyAtOrderVersion: view.orderVersion,
    moves: stays ? [] : [{ state: "Resume", at: null, eventNumber: null, message: why, failure: null }],
    eventNumber,
    ...(stays ? {} : { dueInSeconds: 0 }),
    taskRuns: changes.upserts(new Map()),
    taskRunStates: changes.history,
    notify: stays ? ["run"] : ["work", "run"],
  };
}
