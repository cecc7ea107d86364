import { hash } from "node:crypto";
import type { CachedReply, TaskEvent } from "@weir/protocol";
import type { Pool } from "pg";
import { CACHED_RESULT_COLUMNS } from "../flow-runs/set-flow-run-state.sql.ts";
import { sealKeysFor } from "../seal-keys/seal-keys.ts";
import { SqlRows } from "../sql-rows.ts";
import { FIND_CACHED_RESULTS } from "./cached-result.sql.ts";

// Keys and locations may be longer than an index takes.
const sha256 = (text: string) => hash("sha256", text, "hex");

/** What the task runs of one report put into the cache. */
export class CachedResults {
  /** By key and place: one statement cannot write the same row twice, and the newest counts. */
  readonly #events = new Map<string, TaskEvent>();

  /** A task run that became Cached. One without a key, or whose result lies nowhere, cannot be found by anybody. */
  add(event: TaskEvent): void {
    const { cacheKey, location } = event;
    if (cacheKey === undefined || location === undefined) return;
    this.#events.set(`${sha256(cacheKey)} ${sha256(location)}`, event);
  }

  rows(): SqlRows<keyof typeof CACHED_RESULT_COLUMNS> {
    const rows = new SqlRows(CACHED_RESULT_COLUMNS);
    for (const [hashes, { number, at, expiresAt, location, digests }] of this.#events) {
      const [key_hash = "", location_hash = ""] = hashes.split(" ");
      const place = { key_hash, location_hash, number, at, location: location ?? "" };
      rows.push({ ...place, expires_at: expiresAt ?? null, digests: JSON.stringify(digests ?? []) });
    }
    return rows;
  }
}

interface FoundRow {
  readonly runId: string;
  readonly location: string;
  readonly at: number;
  readonly expiresAt: number | null;
  readonly digests: CachedReply["states"][number]["digests"];
}

/** The newest results of a cache key that have not expired by the database's clock, newest first. Of any run and any flow of the tenant. */
export async function findCachedResults(pool: Pool, tenantId: string, cacheKey: string): Promise<CachedReply> {
  const { rows } = await pool.query<FoundRow>({
    name: "cached-results",
    text: FIND_CACHED_RESULTS,
    values: [tenantId, sha256(cacheKey)],
  });
  const states = rows.map(({ location, at, expiresAt, digests }) => {
    const state = { location, at: Math.round(at), digests };
    return expiresAt === null ? state : { ...state, expiresAt: Math.round(expiresAt) };
  });
  const sealKeys = await sealKeysFor(
    pool,
    tenantId,
    rows.map(({ runId, location }) => ({ runId, text: location })),
  );
  return sealKeys.length === 0 ? { states } : { states, sealKeys };
}
