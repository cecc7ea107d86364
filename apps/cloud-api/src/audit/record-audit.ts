import { createHash } from "node:crypto";
import { AUDIT_BEGINNING, type AuditContent, type AuditOutcome, auditText } from "@weir/protocol";
import type { Pool } from "pg";
import { inTenant } from "../database/tenant-scope.ts";
import { ADD_ENTRIES, BEGIN_CHAIN } from "./audit-log.sql.ts";

/** Who did something: kind `user`, `service-account`, `key`, `agent` or `system`. */
export interface AuditActor {
  readonly kind: string;
  readonly id?: string;
  readonly keyId?: string;
  readonly sessionId?: string;
}

/** What is to be written down. No values of users: ids, words of the code, and keyed digests in hex (`auditDigest`). */
export interface AuditRecord {
  readonly tenantId: string;
  readonly actor: AuditActor;
  /** Digest of the name that was given, where whoever asked was nobody known. */
  readonly actorName?: string;
  readonly address?: string;
  /** The operation. @example "createApiKey", "signIn" */
  readonly action: string;
  readonly target?: { readonly kind: string; readonly id: string };
  /** Number of the entry that was written before the operation was begun. */
  readonly asked?: number;
  readonly outcome: AuditOutcome;
  /** The refusal's. */
  readonly code?: string;
  readonly request?: string;
  readonly before?: string;
  readonly after?: string;
}

/**
 * Adds an entry to its tenant's audit log and answers its number. What comes while another statement of the same tenant is under way is
 * written together, by the next: so a tenant's operations wait for two statements at most, however many there are.
 * @throws whatever the database says; then nothing was written
 * @example await recordAudit(pool, { tenantId, actor: { kind: "user", id: userId }, address, action: "signIn", outcome: "done" });
 */
export async function recordAudit(pool: Pool, record: AuditRecord): Promise<number> {
  return await writerOf(pool).write(record);
}

interface Waiting {
  readonly content: AuditContent;
  readonly done: (sequence: number) => void;
  readonly failed: (error: unknown) => void;
}

/** Entries in one statement. */
const MOST_TOGETHER = 500;

class AuditWriter {
  readonly #pool: Pool;
  /** By tenant; there while a statement of it is under way. */
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  write(record: AuditRecord): Promise<number> {
    return new Promise((done, failed) => {
      const waiting = this.#waiting.get(record.tenantId);
      const own: Waiting = { content: contentOf(record, new Date()), done, failed };
      if (waiting !== undefined) {
        waiting.push(own);
        return;
      }
      this.#waiting.set(record.tenantId, [own]);
      void this.#writeAll(record.tenantId);
    });
  }

  async #writeAll(tenantId: string): Promise<void> {
    for (;;) {
      const next = this.#waiting.get(tenantId)?.splice(0, MOST_TOGETHER) ?? [];
      if (next.length === 0) break;
      try {
        const numbers = await addEntries(
          this.#pool,
          tenantId,
          next.map(({ content }) => content),
        );
        for (const [index, { done }] of next.entries()) done(numbers[index] ?? Number.NaN);
      } catch (error) {
        for (const { failed } of next) failed(error);
      }
    }
    this.#waiting.delete(tenantId);
  }
}

async function addEntries(pool: Pool, tenantId: string, contents: readonly AuditContent[]): Promise<number[]> {
  const rows = contents.map((content, index) => ({ ...content, i: index + 1, content: contentDigest(content) }));
  const values = [tenantId, JSON.stringify(rows)];
  const add = () => pool.query<{ sequence: number }>({ name: "add-audit-entries", text: ADD_ENTRIES, values });
  return await inTenant(tenantId, async () => {
    let added = await add();
    if (added.rows.length === 0) {
      await pool.query(BEGIN_CHAIN, [tenantId, AUDIT_BEGINNING.hash]);
      added = await add();
    }
    if (added.rows.length !== contents.length) throw new Error(`The audit log of tenant ${tenantId} took no entry.`);
    return added.rows.map(({ sequence }) => sequence);
  });
}

function contentDigest(content: AuditContent): string {
  return createHash("sha256").update(auditText(content)).digest("hex");
}

function contentOf(record: AuditRecord, at: Date): AuditContent {
  const { actor, target } = record;
  return {
    at: at.toISOString(),
    actorKind: actor.kind,
    actorId: actor.id ?? null,
    actorName: record.actorName ?? null,
    keyId: actor.keyId ?? null,
    sessionId: actor.sessionId ?? null,
    address: record.address ?? null,
    action: record.action,
    targetKind: target?.kind ?? null,
    targetId: target?.id ?? null,
    asked: record.asked ?? null,
    outcome: record.outcome,
    code: record.code ?? null,
    request: record.request ?? null,
    before: record.before ?? null,
    after: record.after ?? null,
  };
}

const writers = new WeakMap<Pool, AuditWriter>();

function writerOf(pool: Pool): AuditWriter {
  const known = writers.get(pool);
  if (known !== undefined) return known;
  const made = new AuditWriter(pool);
  writers.set(pool, made);
  return made;
}
