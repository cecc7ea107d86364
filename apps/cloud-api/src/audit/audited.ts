import { type AuditOutcome, makeId } from "@weir/protocol";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { toldError } from "../graphql/mask-error.ts";
import { type AuditRecord, recordAudit } from "./record-audit.ts";

/** What an operation may add to its own entry, while it works: on what, and digests (`auditDigest`) of that before and after. */
export interface AuditNote {
  target?: NonNullable<AuditRecord["target"]>;
  before?: string;
  after?: string;
}

export interface AuditDeps {
  readonly pool: Pool;
  readonly log: Pick<Logger, "error">;
}

/**
 * Does an operation between two entries of the audit log: that it was asked for, written before it is begun, and how it went. When the first
 * cannot be written, the operation is not begun. When the second cannot, the first stands there without it: what was done was not done
 * silently. See docs/decisions/0014.
 * @param work gets the note that goes into the second entry
 * @throws whatever `work` throws, and what the database says of the first entry
 */
export async function audited<T>(
  { pool, log }: AuditDeps,
  record: Omit<AuditRecord, "outcome" | "asked">,
  work: (note: AuditNote) => Promise<T>,
): Promise<T> {
  const asked = await recordAudit(pool, { ...record, outcome: "asked" });
  const note: AuditNote = {};
  const end = (outcome: AuditOutcome, code?: string) =>
    recordAudit(pool, { ...record, ...note, asked, outcome, ...(code === undefined ? {} : { code }) }).catch(
      (error: unknown) => {
        const { tenantId, action } = record;
        log.error(
          { tenantId, asked, action, outcome, err: error },
          "how an operation went could not be written into the audit log; that it was asked for stands there",
        );
      },
    );
  let result: T;
  try {
    result = await work(note);
  } catch (error) {
    const { code, unexpected } = toldError(error, makeId());
    await end(outcomeOf(code, unexpected), code);
    throw error;
  }
  await end("done");
  return result;
}

const DENIALS: ReadonlySet<string> = new Set([
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "KEY_EXPIRED",
  "KEY_REVOKED",
  "SESSION_EXPIRED",
]);

/** How an operation went that ended with a refusal, or an error of the cloud's own. */
export function outcomeOf(code: string, unexpected: boolean): AuditOutcome {
  if (unexpected || code === "DATABASE_UNAVAILABLE") return "failed";
  return DENIALS.has(code) ? "denied" : "refused";
}
