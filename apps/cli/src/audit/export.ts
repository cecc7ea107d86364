import type { AuditEntry } from "@weir/protocol";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { oldestFirst } from "./read-log.ts";

/** `weir audit export`: what is there when it begins; what is written meanwhile is the next export's. */
export async function exportLog(io: Io, _args: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  await withCloud(io, async (cloud) => {
    const { auditHead } = await cloud.ask("AuditHead", {});
    const log = oldestFirst(cloud, auditHead.sequence);
    const entries: AuditEntry[] = [];
    for await (const entry of log) {
      if (options.json) entries.push(entry);
      else line(io, JSON.stringify(entry));
    }
    if (options.json) printDocument(io, { entries });
  });
  return EXIT.ok;
}
