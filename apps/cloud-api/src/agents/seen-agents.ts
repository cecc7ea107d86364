import type { Pool } from "pg";
import { acrossTenants } from "../database/tenant-scope.ts";
import { arrayLiteral, SqlRows } from "../sql-rows.ts";

const COLUMNS = { tenant_id: "uuid", id: "uuid", labels: "text", projects: "text" } as const;

/** Agents are written down together: each poll of 10,000 agents by itself would be 330 row updates a second. */
const WRITE_MS = 500;

/** What an agent says of itself with each claim. */
export interface Served {
  readonly labels: readonly string[];
  /** Absent: all projects of the tenant. */
  readonly projects?: readonly string[];
}

/** Writes down when agents were last heard of, and what they serve. */
export class SeenAgents {
  readonly #pool: Pool;
  #seen = new Map<string, { tenantId: string; served: Served }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The agent was heard of now. */
  note(tenantId: string, agentId: string, served: Served): void {
    this.#seen.set(agentId, { tenantId, served });
    if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#write(), WRITE_MS).unref();
  }

  async #write(): Promise<void> {
    this.#timer = undefined;
    const rows = new SqlRows(COLUMNS);
    for (const [id, { tenantId, served }] of this.#seen) {
      const projects = served.projects === undefined ? null : arrayLiteral(served.projects);
      rows.push({ tenant_id: tenantId, id, labels: arrayLiteral(served.labels), projects });
    }
    this.#seen = new Map();
    const text = `update agents a set last_seen_at = now(), labels = u.labels::text[], projects = u.projects::text[]
      from ${rows.unnest(1)}
      where a.id = u.id and a.tenant_id = u.tenant_id`;
    // The database is away: the next poll of each agent is noted again.
    const question = { name: "seen-agents", text, values: rows.values() };
    await acrossTenants("agents of all tenants were seen", () => this.#pool.query(question)).catch(() => undefined);
  }
}
