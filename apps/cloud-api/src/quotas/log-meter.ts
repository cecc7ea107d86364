import type { Pool } from "pg";
import type { LOG_COLUMNS } from "../flow-runs/set-flow-run-state.sql.ts";
import type { SqlRows } from "../sql-rows.ts";
import { type Quotas, quotasOf } from "./quotas.ts";

/** Adds to what a tenant stored today, and answers all of it, by all replicas. $1 tenant, $2 bytes */
const ADD_BYTES = `insert into tenant_log_bytes as t (tenant_id, day, bytes) values ($1::uuid, (now() at time zone 'UTC')::date, $2)
on conflict (tenant_id, day) do update set bytes = t.bytes + excluded.bytes returning bytes::float8 as bytes`;

/** How often a tenant's bytes are written down. A replica that dies forgets those since. */
const WRITE_MS = 5_000;

interface Metered {
  /** Of the day, as far as written down. */
  stored: number;
  /** Since then, here. */
  pending: number;
  readAt: number;
}

/** Counts the log lines of tenants that have a quota of them. Of others nothing is counted. */
export class LogMeter {
  readonly #pool: Pool;
  readonly #quotas: Quotas;
  readonly #now: () => number;
  readonly #tenants = new Map<string, Metered>();

  /** @param now monotonic milliseconds */
  constructor(pool: Pool, now: () => number) {
    this.#pool = pool;
    this.#quotas = quotasOf(pool);
    this.#now = now;
  }

  /** Puts a visible mark in place of each line that is beyond the quota of the day. No run fails for it, and no number is missing. */
  async cut(tenantId: string, lines: SqlRows<keyof typeof LOG_COLUMNS>): Promise<void> {
    if (lines.length === 0) return;
    const size = await this.#quotas.sizeOf(tenantId, "logBytesPerDay");
    if (size === null) return;
    const metered = await this.#metered(tenantId);
    lines.change("text", (text) => {
      const bytes = Buffer.byteLength(String(text));
      if (metered.stored + metered.pending + bytes > size) return mark(bytes, size);
      metered.pending += bytes;
      return text;
    });
  }

  async #metered(tenantId: string): Promise<Metered> {
    const metered = this.#tenants.get(tenantId) ?? { stored: 0, pending: 0, readAt: Number.NEGATIVE_INFINITY };
    this.#tenants.set(tenantId, metered);
    if (this.#now() - metered.readAt < WRITE_MS) return metered;
    metered.readAt = this.#now();
    const { pending } = metered;
    metered.stored += pending;
    metered.pending = 0;
    try {
      const { rows } = await this.#pool.query<{ bytes: number }>(ADD_BYTES, [tenantId, pending]);
      metered.stored = rows[0]?.bytes ?? metered.stored;
    } catch (error) {
      metered.stored -= pending;
      metered.pending += pending;
      metered.readAt = Number.NEGATIVE_INFINITY;
      throw error;
    }
    return metered;
  }
}

function mark(bytes: number, size: number): string {
  return `[cut by Weir: ${bytes} bytes; the tenant's quota of ${size} bytes of log lines a day (by UTC) is used up]`;
}
