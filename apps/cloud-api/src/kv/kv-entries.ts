import { isSealedJson, kvProblem, LIMITS, Refusal, SEALED_JSON, type SealedJson } from "@weir/protocol";
import type { Pool } from "pg";
import { sealedProblem } from "../flow-runs/ready-parameters.ts";
import type { Page } from "../graphql/page.ts";
import { quotasOf } from "../quotas/quotas.ts";
import { DELETE_ENTRY, ENTRY_PAGE, MOST_ENTRIES, READ_ENTRY, WRITE_ENTRY } from "./kv.sql.ts";

export interface KvEntry {
  readonly key: string;
  readonly value: unknown;
  /** Counts the writes of this key: 1, 2, 3 … */
  readonly version: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

interface Wanted {
  readonly tenantId: string;
  readonly key: string;
  /** Write only where it has this version; 0: only where there is none. Absent: in any case. */
  readonly expectedVersion?: number | null | undefined;
}

/** An entry, or null. */
export async function readKv(pool: Pool, { tenantId, key }: Wanted): Promise<KvEntry | null> {
  const { rows } = await pool.query<KvEntry>(READ_ENTRY, [tenantId, key]);
  return rows[0] ?? null;
}

/** One page of a tenant's entries, by key. */
export async function readKvPage(
  pool: Pool,
  tenantId: string,
  page: Page<string>,
  prefix: string | null,
): Promise<KvEntry[]> {
  const values = [tenantId, page.after, page.before, page.limit, prefix];
  const { rows } = await pool.query<KvEntry>(ENTRY_PAGE(page.fromEnd ? "desc" : "asc"), values);
  return rows;
}

/**
 * Writes an entry. A key that was deleted begins with version 1 again.
 * @param wanted.value any JSON, sealed where the writer's policy says so
 * @throws Refusal INVALID, TOO_LARGE; CONFLICT when the entry has another version than expected; QUOTA_EXCEEDED when the store is full
 */
export async function writeKv(pool: Pool, wanted: Wanted & { value: unknown; by: string }): Promise<KvEntry> {
  const { tenantId, key, by, expectedVersion } = wanted;
  const text = await checkedText(pool, wanted);
  const { rows } = await pool.query<KvEntry>(WRITE_ENTRY, [tenantId, key, text, by, expectedVersion ?? null]);
  const [written] = rows;
  if (written !== undefined) return written;
  throw await whyNot(pool, wanted);
}

/**
 * The value as text, which Postgres can keep and for which there is room.
 * @throws Refusal INVALID, TOO_LARGE, QUOTA_EXCEEDED
 */
export async function checkedText(pool: Pool, { tenantId, key, value }: Wanted & { value: unknown }): Promise<string> {
  const text = checkedValue(key, value);
  const room = { more: Buffer.byteLength(text), instead: [key] };
  await quotasOf(pool).requireRoom(tenantId, "kvBytes", room);
  return text;
}

/**
 * Deletes an entry.
 * @throws Refusal NOT_FOUND; CONFLICT when the entry has another version than expected
 */
export async function deleteKv(pool: Pool, wanted: Wanted): Promise<void> {
  const { tenantId, key, expectedVersion } = wanted;
  const { rowCount } = await pool.query(DELETE_ENTRY, [tenantId, key, expectedVersion ?? null]);
  if (rowCount === 1) return;
  if ((await readKv(pool, wanted)) !== null) throw await whyNot(pool, wanted);
  throw new Refusal(
    "NOT_FOUND",
    `There is no key ${JSON.stringify(key)}; \`weir kv list\` shows those that there are.`,
  );
}

/** What is sealed is longer by a third, and by a few hundred bytes for each who can open it. */
const mostBytes = (value: unknown) =>
  isSealedJson(value) ? LIMITS.kvValueBytes * 1.5 + LIMITS.sealKeyLength : LIMITS.kvValueBytes;

function checkedValue(key: string, value: unknown): string {
  const unkept = kvProblem(key, value, mostBytes(value));
  if (unkept !== null) throw new Refusal(unkept.code, unkept.message);
  const problem = isSealedJson(value) ? unsealed(value) : null;
  if (problem === null) return JSON.stringify(value);
  throw new Refusal("INVALID", `The value of the key ${JSON.stringify(key)} cannot be kept: ${problem}.`);
}

function unsealed(value: SealedJson): string | null {
  const problem = sealedProblem(value);
  return problem === null ? null : `${SEALED_JSON} ${problem}`;
}

/** Why nothing was written. */
export async function whyNot(pool: Pool, wanted: Wanted): Promise<Refusal> {
  const { key, expectedVersion } = wanted;
  const there = await readKv(pool, wanted);
  if (there === null && (expectedVersion ?? 0) === 0)
    return new Refusal("QUOTA_EXCEEDED", `The store holds ${MOST_ENTRIES} keys, as many as it can. Delete some first.`);
  const found = there === null ? "is not there" : `has version ${there.version}`;
  return new Refusal(
    "CONFLICT",
    `The key ${JSON.stringify(key)} ${found}, and version ${expectedVersion} was expected: somebody was faster. Read it again, then write.`,
  );
}
