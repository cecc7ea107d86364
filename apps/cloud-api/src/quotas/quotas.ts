import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";

/** What a tenant may have as much of as whoever runs the cloud says. Null in the database, and no row: as much as it likes. */
export type Quota = "flows" | "runsPerDay" | "logBytesPerDay" | "kvBytes" | "keys" | "members";

type Sizes = Readonly<Record<Quota, number | null>>;

const SIZES = `select flows, runs_per_day as "runsPerDay", log_bytes_per_day::float8 as "logBytesPerDay", kv_bytes::float8 as "kvBytes",
  keys, members from tenant_quotas where tenant_id = $1`;

const NONE: Sizes = { flows: null, runsPerDay: null, logBytesPerDay: null, kvBytes: null, keys: null, members: null };

/** Ids are UUIDv7: those of a day are one range of the key. $1 tenant */
const RUNS_TODAY = `select count(*)::float8 as use from flow_runs where tenant_id = $1
  and id >= (lpad(to_hex((extract(epoch from date_trunc('day', now(), 'UTC')) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid`;

/** What is used of a quota, beside the thing that is only replaced: a flow by project ($2) and name ($3), an entry by key ($2). $1 tenant */
const USES = {
  flows: `select count(*)::float8 as use from flows f join projects p on p.tenant_id = f.tenant_id and p.id = f.project_id
    where f.tenant_id = $1 and (p.name, f.name) <> ($2, $3)`,
  keys: `select count(*)::float8 as use from api_keys where tenant_id = $1 and revoked_at is null and coalesce(expires_at > now(), true)`,
  members: `select (select count(*) from memberships where tenant_id = $1)::float8 + (select count(*) from invitations
    where tenant_id = $1 and accepted_at is null and revoked_at is null and expires_at > now())::float8 as use`,
  kvBytes: `select coalesce(sum(octet_length(value::text)), 0)::float8 as use from kv_entries where tenant_id = $1 and key <> $2`,
} as const satisfies Partial<Record<Quota, string>>;

const WHAT: Readonly<Record<Quota, string>> = {
  flows: "flows",
  runsPerDay: "flow runs a day (by UTC)",
  logBytesPerDay: "bytes of log lines a day (by UTC)",
  kvBytes: "bytes of the key-value store",
  keys: "API keys",
  members: "members and open invitations",
};

/** How long sizes and counts are trusted: other replicas make things too, and a size may be changed. */
const TRUST_MS = 5_000;
const MOST_TENANTS = 10_000;

interface Known<T> {
  readonly readAt: number;
  readonly value: Promise<T>;
}

/** Sizes and uses of tenants, read through a pool in the scope of their tenant. */
export class Quotas {
  readonly #pool: Pool;
  readonly #now: () => number;
  readonly #sizes = new Map<string, Known<Sizes>>();
  readonly #runs = new Map<string, Known<{ use: number }>>();

  /** @param now monotonic milliseconds */
  constructor(pool: Pool, now: () => number) {
    this.#pool = pool;
    this.#now = now;
  }

  /** How much a tenant may have; null: as much as it likes. */
  async sizeOf(tenantId: string, quota: Quota): Promise<number | null> {
    const sizes = await this.#trusted(this.#sizes, tenantId, async () => {
      const { rows } = await this.#pool.query<Sizes>(SIZES, [tenantId]);
      return rows[0] ?? NONE;
    });
    return sizes[quota];
  }

  /**
   * Makes sure that there is room for more. Of requests at one moment, each may find the last place free.
   * @param o.more how much more there will be; 1
   * @param o.instead names of what this takes the place of, which does not count: of flows and entries
   * @throws Refusal QUOTA_EXCEEDED naming the quota, its size and its use
   */
  async requireRoom(
    tenantId: string,
    quota: keyof typeof USES,
    o: { more?: number; instead?: readonly string[] } = {},
  ): Promise<void> {
    const size = await this.sizeOf(tenantId, quota);
    if (size === null) return;
    const { rows } = await this.#pool.query<{ use: number }>(USES[quota], [tenantId, ...(o.instead ?? [])]);
    refuseBeyond(quota, size, rows[0]?.use ?? 0, o.more ?? 1);
  }

  /** Takes a place among the runs of the day. @throws Refusal QUOTA_EXCEEDED */
  async takeRun(tenantId: string): Promise<void> {
    const size = await this.sizeOf(tenantId, "runsPerDay");
    if (size === null) return;
    const counted = await this.#trusted(this.#runs, tenantId, async () => {
      const { rows } = await this.#pool.query<{ use: number }>(RUNS_TODAY, [tenantId]);
      return { use: rows[0]?.use ?? 0 };
    });
    refuseBeyond("runsPerDay", size, counted.use, 1);
    counted.use += 1;
  }

  async #trusted<T>(known: Map<string, Known<T>>, tenantId: string, read: () => Promise<T>): Promise<T> {
    const held = known.get(tenantId);
    if (held !== undefined && this.#now() - held.readAt < TRUST_MS) return held.value;
    if (known.size >= MOST_TENANTS) known.clear();
    const value = read();
    known.set(tenantId, { readAt: this.#now(), value });
    // A failed look-up is no answer: the next asks again.
    value.catch(() => known.delete(tenantId));
    return value;
  }
}

function refuseBeyond(quota: Quota, size: number, use: number, more: number): void {
  if (use + more <= size) return;
  throw new Refusal(
    "QUOTA_EXCEEDED",
    `The tenant may have ${size} ${WHAT[quota]} (quota ${quota}) and has ${use}; ${more} more would be too many. Remove what is not needed, or ask whoever runs the cloud for more.`,
  );
}

const known = new WeakMap<Pool, Quotas>();

/** The quotas read through a pool. */
export function quotasOf(pool: Pool): Quotas {
  let quotas = known.get(pool);
  if (quotas === undefined) {
    quotas = new Quotas(pool, () => performance.now());
    known.set(pool, quotas);
  }
  return quotas;
}
