import type { ClaimReply } from "@weir/protocol";
import type { Pool } from "pg";
import { CANCELLING_RUNS } from "./claim-flow-runs.sql.ts";

/** An order that was told is told again after this long: the reply may have been lost, and the runner obeys the first it hears. */
const AGAIN_MS = 5_000;
const MOST_ORDERS = 10_000;

/**
 * Orders for runs that an agent holds, told with the reply to its claim. A run stays Cancelling for as long as its process needs to stop,
 * so a claim that is answered at once for each open order would be asked again at once, without end: told ones are held back for a while.
 */
export class OrdersTold {
  readonly #pool: Pool;
  readonly #now: () => number;
  readonly #toldAt = new Map<string, number>();

  constructor(pool: Pool, now: () => number = () => performance.now()) {
    this.#pool = pool;
    this.#now = now;
  }

  /** The orders that the agent has not been told of lately, now told. */
  async untold(
    agent: { tenantId: string; agentId: string },
    holding: readonly string[],
  ): Promise<ClaimReply["orders"]> {
    if (holding.length === 0) return [];
    const { rows } = await this.#pool.query<{ runId: string; stateVersion: number }>({
      name: "cancelling-flow-runs",
      text: CANCELLING_RUNS,
      values: [agent.tenantId, agent.agentId, holding],
    });
    const now = this.#now();
    if (this.#toldAt.size > MOST_ORDERS) this.#toldAt.clear();
    return rows.flatMap(({ runId, stateVersion }) => {
      const order = `${runId} ${stateVersion}`;
      if (now - (this.#toldAt.get(order) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return [];
      this.#toldAt.set(order, now);
      return [{ runId, order: { kind: "cancel" as const } }];
    });
  }
}
