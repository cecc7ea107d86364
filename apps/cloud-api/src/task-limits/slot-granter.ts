import type { Pool } from "pg";
import { grantSlots } from "./grant-slots.ts";

/** Transactions on queues at a time. Each waits for its tenant's lock with a connection in hand, and reports must not wait for those. */
const AT_ONCE = 2;

/** Works on the queues of this process: a few at a time, and for what was freed while a grant was under way only once more. */
export class SlotGranter {
  readonly #pool: Pool;
  readonly #onProblem: (error: unknown) => void;
  /** Tenants that are being granted to; true: something was freed since. */
  readonly #granting = new Map<string, boolean>();
  readonly #queue: (() => void)[] = [];
  #busy = 0;

  constructor(pool: Pool, onProblem: (error: unknown) => void) {
    this.#pool = pool;
    this.#onProblem = onProblem;
  }

  /** Something of the tenant was freed. Returns at once; where it fails, the loop `slot-keeper` does it. */
  freed(tenantId: string): void {
    if (this.#granting.has(tenantId)) this.#granting.set(tenantId, true);
    else void this.#grant(tenantId).catch(this.#onProblem);
  }

  /** Does some work on a queue when it is its turn. */
  inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#busy += 1;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  };

  async #grant(tenantId: string): Promise<void> {
    try {
      for (let again = true; again; again = this.#granting.get(tenantId) ?? false) {
        this.#granting.set(tenantId, false);
        await this.inTurn(() => grantSlots(this.#pool, tenantId));
      }
    } finally {
      this.#granting.delete(tenantId);
    }
  }
}
