import { isHeld, isTerminal, Refusal, type StateName } from "@weir/protocol";
import type { Pool } from "pg";
import { endUnheldRun } from "./end-flow-run.ts";
import { requireFlowRun } from "./read-flow-run.ts";
import type { RunView } from "./run-view.ts";
import { type FlowRunChange, MOST_DECISIONS, setFlowRunState } from "./set-flow-run-state.ts";

/** States of a run that can be asked to stop. */
export const UNFINISHED = `('Scheduled', 'Paused', 'Resume', 'Retrying', 'Submitted', 'Running')`;

const CHILDREN = `select id from flow_runs
where parent_run_id = $2 and (tenant_id = $1) is true and state in ${UNFINISHED} and id > $3
order by id limit 100`;

const LOWEST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * Cancels a run and, before this resolves, every unfinished run below it that it started. One that is held becomes Cancelling, and its holder
 * is told; one that waits becomes Cancelled at once. A run that is over, or asked before, stays as it is.
 * @throws Refusal NOT_FOUND
 */
export async function cancelFlowRun(
  pool: Pool,
  wanted: { tenantId: string; id: string },
): Promise<{ state: StateName }> {
  for (let decided = 0; decided < MOST_DECISIONS; decided += 1) {
    const view = await requireFlowRun(pool, wanted.tenantId, wanted.id);
    if (isTerminal(view.state)) return { state: view.state };
    if (view.state === "Cancelling") return await withChildren(pool, wanted, view.state);
    const change = isHeld(view.state)
      ? askHolder(view)
      : await endUnheldRun(pool, view, { state: "Cancelled", message: "cancelled while no agent held it" });
    if (await setFlowRunState(pool, change))
      return await withChildren(pool, wanted, change.moves[0]?.state ?? view.state);
  }
  throw new Refusal("OVERLOADED", `Flow run ${wanted.id} changes too quickly at this moment; cancel it again.`, {
    retryAfterSeconds: 1,
  });
}

/** After the run itself: from here on it starts no other. */
async function withChildren(pool: Pool, parent: { tenantId: string; id: string }, state: StateName) {
  await cancelChildren(pool, parent);
  return { state };
}

/** Cancels the unfinished runs that a run has started, and theirs. */
export async function cancelChildren(pool: Pool, parent: { tenantId: string; id: string }): Promise<void> {
  const { tenantId } = parent;
  let after: string | undefined = LOWEST_ID;
  while (after !== undefined) {
    const page: { rows: { id: string }[] } = await pool.query(CHILDREN, [tenantId, parent.id, after]);
    for (const { id } of page.rows) await cancelFlowRun(pool, { tenantId, id });
    after = page.rows.at(-1)?.id;
  }
}

function askHolder(view: RunView): FlowRunChange {
  const message = "a person or program asked to cancel the run; its agent was told";
  return {
    view,
    moves: [{ state: "Cancelling", at: null, eventNumber: null, message, failure: null }],
    eventNumber: view.eventNumber,
    notify: ["order", "run"],
  };
}
