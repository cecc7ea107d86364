import { isFlowRunMove, isTaskRunMove, isTerminal, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { FLOW_RUN_STEPS, INVARIANTS, TASK_RUN_STEPS } from "./check-invariants.sql.ts";

/** At most this many runs are named per invariant: one that is broken is usually broken everywhere. */
const MOST_PER_INVARIANT = 5;

/**
 * Looks through the whole database for flow runs that break a promise of the line: gaps in a history, an event stored twice or not at all,
 * two attempts at once, anything after an end, an illegal move. Answers a sentence for each; none when all is well. For tests and fault
 * campaigns: it reads every row.
 */
export async function checkInvariants(pool: Pool): Promise<string[]> {
  const violations: string[] = [];
  for (const { wrong, sql } of INVARIANTS) {
    const { rows } = await pool.query<{ run: string; detail: string }>(`${sql} limit ${MOST_PER_INVARIANT}`);
    for (const { run, detail } of rows) violations.push(`flow run ${run}: ${wrong} (${detail})`);
  }
  return [...violations, ...(await illegalFlowRunSteps(pool)), ...(await illegalTaskRunSteps(pool))];
}

interface Step {
  readonly from: StateName | null;
  readonly to: StateName;
  readonly run: string;
}

async function illegalFlowRunSteps(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<Step>(FLOW_RUN_STEPS);
  return rows
    .filter(({ from, to }) => !isLegalFlowRunStep(from, to))
    .map(({ from, to, run }) => `flow run ${run}: made the illegal move ${from ?? "(nothing)"} → ${to}`);
}

function isLegalFlowRunStep(from: StateName | null, to: StateName): boolean {
  if (from === null) return to === "Scheduled";
  // A restart is no move of the state machine, but a new attempt.
  return isFlowRunMove(from, to) || (isTerminal(from) && to === "Scheduled");
}

async function illegalTaskRunSteps(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<Step & { later: boolean | null; by_cloud: boolean }>(TASK_RUN_STEPS);
  return rows
    .filter(
      ({ from, to, later, by_cloud }) => !isTaskRunMove(from, to, (later ?? false) || (by_cloud && to === "Pending")),
    )
    .map(({ from, to, run }) => `flow run ${run}: a task run made the illegal move ${from ?? "(nothing)"} → ${to}`);
}
