import type { ClaimReply } from "@weir/protocol";
import type { Pool } from "pg";
import { type OpenOrder, readOrders, toOrder } from "./read-orders.ts";

/** An order that was told is told again after this long: the reply may have been lost, and the runner obeys the first it hears. */
const AGAIN_MS = 5_000;
const MOST_ORDERS = 100_000;

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
    const open = await readOrders(this.#pool, agent.tenantId, holding, agent.agentId);
    if (this.#toldAt.size > MOST_ORDERS) this.#toldAt.clear();
    return open.flatMap((order) => {
      const parts = this.#take(order);
      return parts.length === 0 ? [] : [{ runId: order.runId, order: toOrder({ ...order, parts }) }];
    });
  }

  #take({ parts }: OpenOrder): OpenOrder["parts"] {
    const now = this.#now();
    const untold = parts.filter(({ key }) => now - (this.#toldAt.get(key) ?? Number.NEGATIVE_INFINITY) >= AGAIN_MS);
    for (const { key } of untold) this.#toldAt.set(key, now);
    return untold;
  }
}
