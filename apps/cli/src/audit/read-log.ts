import type { AuditEntry } from "@weir/protocol";
import type { Cloud } from "../connection/cloud.ts";

const PAGE_ROWS = 200;

/** The whole log, oldest first, up to an entry. */
export async function* oldestFirst(cloud: Cloud, upTo: number): AsyncGenerator<AuditEntry> {
  let before: string | null = null;
  for (let last = 0; last < upTo;) {
    const asked: { last: number; before?: string } = { last: PAGE_ROWS, ...(before === null ? {} : { before }) };
    const { auditLog } = await cloud.ask("AuditLogFromStart", asked);
    const page = auditLog.edges.map(({ node }) => node).toReversed();
    for (const entry of page) {
      if (entry.sequence <= upTo) yield entry;
      last = entry.sequence;
    }
    before = auditLog.pageInfo.startCursor;
    if (page.length === 0) return;
  }
}
