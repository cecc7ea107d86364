import { createHash } from "node:crypto";
import { isHeld, type KvDeleteRequest, type KvSetRequest, STATE_NAMES } from "@weir/protocol";
import type { Pool } from "pg";
import type { Reporter } from "../flow-runs/report-events.ts";
import { requireLiveAttempt } from "../flow-runs/require-live-attempt.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { checkedText, readKv, whyNot } from "./kv-entries.ts";
import { DELETE_ENTRY_ONCE, READ_ANSWER, WRITE_ENTRY_ONCE } from "./kv.sql.ts";

const HELD = STATE_NAMES.filter(isHeld);

/**
 * Writes an entry on behalf of a run; the same question again is answered as it was at first. Answers the version.
 * @throws Refusal STALE_ATTEMPT, and as `writeKv`
 */
export async function writeKvOfRun(pool: Pool, run: Reporter, request: KvSetRequest): Promise<number> {
  const wanted = wantedBy(run, request);
  const text = await checkedText(pool, { ...wanted, value: request.value });
  const values = [run.tenantId, wanted.key, text, writerOf(run, request), wanted.expectedVersion];
  const version = await changeOnce(pool, run, request.question, { statement: WRITE_ENTRY_ONCE, values });
  if (version !== null) return version;
  throw await whyNot(pool, wanted);
}

/**
 * Deletes an entry on behalf of a run; the same question again is answered as it was at first. False: there was none.
 * @throws Refusal STALE_ATTEMPT, INVALID; CONFLICT when the entry has another version than expected
 */
export async function deleteKvOfRun(pool: Pool, run: Reporter, request: KvDeleteRequest): Promise<boolean> {
  const wanted = wantedBy(run, request);
  const values = [run.tenantId, wanted.key, wanted.expectedVersion];
  const version = await changeOnce(pool, run, request.question, { statement: DELETE_ENTRY_ONCE, values });
  if (version !== null) return true;
  const { expectedVersion } = wanted;
  if (expectedVersion === null) return false;
  if (expectedVersion === 0 && (await readKv(pool, wanted)) === null) return false;
  throw await whyNot(pool, wanted);
}

function wantedBy({ tenantId }: Reporter, { key, expectedVersion }: KvDeleteRequest) {
  return { tenantId, key: checkedName("key", key), expectedVersion: expectedVersion ?? null };
}

const writerOf = ({ runId }: Reporter, { number }: KvSetRequest) =>
  number === undefined ? `flow run ${runId}` : `flow run ${runId}, task run ${number}`;

interface Change {
  readonly statement: string;
  readonly values: readonly unknown[];
}

/** What the question is answered, now or when it came first; null: nothing was changed. @throws Refusal STALE_ATTEMPT */
async function changeOnce(pool: Pool, run: Reporter, question: string, change: Change): Promise<number | null> {
  const { tenantId, runId, attempt } = run;
  const digest = createHash("sha256").update(`kv ${question}`).digest();
  const changed = await answerOf(pool, change.statement, [...change.values, runId, attempt, HELD, digest]);
  if (changed !== null) return changed;
  await requireLiveAttempt(pool, run);
  return await answerOf(pool, READ_ANSWER, [tenantId, runId, digest]);
}

const UNIQUE_VIOLATION = "23505";

async function answerOf(pool: Pool, statement: string, values: readonly unknown[]): Promise<number | null> {
  try {
    const { rows } = await pool.query<{ answer: number }>(statement, [...values]);
    return rows[0]?.answer ?? null;
  } catch (error) {
    // Its copy was faster, and its note is there now.
    if ((error as { code?: unknown }).code === UNIQUE_VIOLATION) return null;
    throw error;
  }
}

/** The entry of a key; version 0 where there is none. @throws Refusal STALE_ATTEMPT, INVALID */
export async function readKvOfRun(pool: Pool, run: Reporter, key: string) {
  await requireLiveAttempt(pool, run);
  const entry = await readKv(pool, { tenantId: run.tenantId, key: checkedName("key", key) });
  return entry === null ? { version: 0 } : { version: entry.version, value: entry.value };
}
