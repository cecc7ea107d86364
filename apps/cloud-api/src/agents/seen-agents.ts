import type { Pool } from "pg";
import { arrayLiteral, SqlRows } from "../sql-rows.ts";

const COLUMNS = { tenant_id: "uuid", id: "uuid", labels: "text" } as const;

/** Agents are written down together: each poll of 10,000 agents by itself would be 330 row updates a second. */
const WRITE_MS = 500;

/** Writes down when agents were last heard of, and with which labels. */
export class SeenAgents {
  readonly #pool: Pool;
  #seen = new Map<string, { tenantId: string; labels: readonly string[] }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The agent was heard of now. */
  note(tenantId: string, agentId: string, labels: readonly string[]): void {
    this.#seen.set(agentId, { tenantId, labels });
    if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#write(), WRITE_MS).unref();
  }

  async #write(): Promise<void> {
    this.#timer = undefined;
    const rows = new SqlRows(COLUMNS);
    for (const [id, { tenantId, labels }] of this.#seen) {
      rows.push({ tenant_id: tenantId, id, labels: arrayLiteral(labels) });
    }
    this.#seen = new Map();
    const text = `update agents a set last_seen_at = now(), labels = u.labels::text[] from ${rows.unnest(1)}
      where a.id = u.id and a.tenant_id = u.tenant_id`;
    // The database is away: the next poll of each agent is noted again.
    await this.#pool.query({ name: "seen-agents", text, values: rows.values() }).catch(() => undefined);
  }
}
