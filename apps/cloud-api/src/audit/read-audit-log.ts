import { AUDIT_BEGINNING, type AuditContent, type AuditHead, type AuditOutcome } from "@weir/protocol";
import type { Pool } from "pg";
import type { Page } from "../graphql/page.ts";
import { READ_HEAD, readEntries } from "./audit-log.sql.ts";

/** An entry as it stands in the database. */
export interface AuditRow extends Omit<AuditContent, "at"> {
  readonly at: Date;
  readonly sequence: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** Which entries are wanted; absent: all. */
export interface AuditFilter {
  readonly actorId?: string | null | undefined;
  readonly action?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly before?: Date | null | undefined;
  readonly outcome?: readonly AuditOutcome[] | null | undefined;
}

const MOST = Number.MAX_SAFE_INTEGER;

/** One page of a tenant's audit log, newest first. */
export async function readAuditLog(
  pool: Pool,
  tenantId: string,
  filter: AuditFilter,
  { after, before, fromEnd, limit }: Page<number>,
): Promise<AuditRow[]> {
  const { rows } = await pool.query<AuditRow>(readEntries(fromEnd ? "asc" : "desc"), [
    tenantId,
    before ?? 0,
    after ?? MOST,
    filter.actorId ?? null,
    filter.action ?? null,
    filter.from ?? null,
    filter.before ?? null,
    filter.outcome ?? null,
    limit,
  ]);
  return rows;
}

/** The newest entry of a tenant, whether it is still there or not. */
export async function readAuditHead(pool: Pool, tenantId: string): Promise<AuditHead> {
  const { rows } = await pool.query<AuditHead>(READ_HEAD, [tenantId]);
  return rows[0] ?? AUDIT_BEGINNING;
}
