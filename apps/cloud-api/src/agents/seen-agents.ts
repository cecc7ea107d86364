import type { Pool } from "pg";

const SQL = `update agents set last_seen_at = now(), labels = $3::text[] where tenant_id = $1 and id = $2`;

/** An agent is written down as seen this often at most: every poll of 10,000 agents would be 10,000 row updates. */
const SEEN_MS = 10_000;
const MOST_AGENTS = 50_000;

/** Remembers when agents were last written down as seen. */
export class SeenAgents {
  readonly #pool: Pool;
  readonly #now: () => number;
  readonly #seenAt = new Map<string, number>();

  constructor(pool: Pool, now: () => number) {
    this.#pool = pool;
    this.#now = now;
  }

  /** The agent was heard of now, with these labels. */
  async note(tenantId: string, agentId: string, labels: readonly string[]): Promise<void> {
    const now = this.#now();
    if (now - (this.#seenAt.get(agentId) ?? Number.NEGATIVE_INFINITY) < SEEN_MS) return;
    if (this.#seenAt.size >= MOST_AGENTS) this.#seenAt.clear();
    this.#seenAt.set(agentId, now);
    await this.#pool.query({ name: "seen-agent", text: SQL, values: [tenantId, agentId, labels] });
  }
}
