import { isClaimable } from "@weir/protocol";
import type { Pool } from "pg";
import { decideWaiting, type Waiting } from "./decide-waiting.ts";
import { DUE_RUNS, WAITING_FACTS_OF_AGENTS } from "./waiting.sql.ts";
import type { WaitingFacts } from "./waiting-facts.ts";

/** A run that any agent may claim now, as one agent sees it. */
export interface RunForAgent {
  readonly runId: string;
  /** Labels of the run that the agent has not. */
  readonly missingLabels: readonly string[];
  /** Whether it serves the run's project. */
  readonly servesProject: boolean;
  /** Why the run waits, were this the only agent. */
  readonly waiting: Waiting;
}

interface FactsOfAgent extends WaitingFacts {
  readonly agentId: string;
}

/**
 * The runs of a tenant whose time has come and that nobody holds, in the order in which they are claimed, for each of some agents. Two statements for
 * all of them.
 * @param most runs
 */
export async function readRunsForAgents(
  pool: Pool,
  tenantId: string,
  agentIds: readonly string[],
  most: number,
): Promise<Map<string, RunForAgent[]>> {
  const due = await pool.query<{ id: string }>(DUE_RUNS, [tenantId, most]);
  const ids = due.rows.map(({ id }) => id);
  const { rows } = await pool.query<FactsOfAgent>(WAITING_FACTS_OF_AGENTS, [tenantId, ids, agentIds]);
  const places = new Map(ids.map((id, place) => [id, place]));
  const inOrder = rows.toSorted((a, b) => (places.get(a.runId) ?? 0) - (places.get(b.runId) ?? 0));
  const seen = inOrder.flatMap((facts) => {
    const waiting = isClaimable(facts.state) ? decideWaiting(facts) : null;
    const [agent] = facts.agents?.nearest ?? [];
    if (waiting === null || agent === undefined) return [];
    const { missingLabels, servesProject } = agent;
    return [{ agentId: facts.agentId, runId: facts.runId, missingLabels, servesProject, waiting }];
  });
  return Map.groupBy(seen, ({ agentId }) => agentId);
}
