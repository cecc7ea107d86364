import type { AuditEntry } from "@weir/protocol";
import { allPages, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { momentOf } from "../ledger/options.ts";
import { cleanLine } from "../terminal/clean.ts";
import { ago } from "../terminal/quantity.ts";
import { type Column, tableLines } from "../terminal/table.ts";

interface Options {
  readonly actor?: string;
  readonly action?: string;
  readonly since?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `weir audit list` */
export async function list(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { actor, action, since, limit } = options;
  const filter = {
    ...(actor === undefined ? {} : { actorId: actor }),
    ...(action === undefined ? {} : { action }),
    ...(since === undefined ? {} : { from: new Date(momentOf(since, Date.now())).toISOString() }),
  };
  const entries = await withCloud(io, (cloud) =>
    allPages(async (page) => (await cloud.ask("AuditLog", { filter, ...page })).auditLog, limit),
  );
  if (options.json) printDocument(io, { entries });
  else for (const text of tableLines(io, columns(io, Date.now()), ended(entries))) line(io, text);
  return EXIT.ok;
}

/** Without those that say that something was asked for, where one after it says how it went. */
function ended(entries: readonly AuditEntry[]): AuditEntry[] {
  const asked = new Set(entries.map((entry) => entry.asked));
  return entries.filter(({ outcome, sequence }) => outcome !== "asked" || !asked.has(sequence));
}

function columns(io: Io, now: number): Column<AuditEntry>[] {
  return [
    { title: "no.", width: 7, align: "right", text: ({ sequence }) => String(sequence) },
    { title: "when", width: 9, text: ({ at }) => ago(Date.parse(at), now) },
    {
      title: "who",
      width: 24,
      text: ({ actorKind, actorId }) => cleanLine(`${actorKind} ${actorId?.slice(-12) ?? ""}`),
    },
    { title: "action", width: 20, text: ({ action }) => cleanLine(action) },
    {
      title: "outcome",
      width: 18,
      text: ({ outcome, code }) => (code === null ? outcome : code),
      paint: (text, { outcome }) => (outcome === "done" ? text : io.paint.red(text)),
    },
    { title: "target", width: 24, text: ({ targetKind, targetId }) => cleanLine(targetText(targetKind, targetId)) },
  ];
}

const targetText = (kind: string | null, id: string | null) => (kind === null ? "" : `${kind} ${id?.slice(-12) ?? ""}`);
