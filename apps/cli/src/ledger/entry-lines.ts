import type { LedgerEntry, LedgerNote } from "@weir/gate";
import type { Io } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { bytes, count } from "../terminal/quantity.ts";
import { pad } from "../terminal/width.ts";

/** An entry for people: a line of what was sent, and one of what was in it. */
export function entryLines(io: Io, entry: LedgerEntry): string[] {
  const { number, at, message, run } = entry;
  const head = [
    pad(`#${number}`, 8),
    new Date(at).toISOString(),
    pad(cleanLine(message), 14),
    pad(entry.note === undefined ? bytes(entry.bytes) : "", 8, "start"),
    cleanLine(run ?? ""),
  ].join("  ");
  const inside = entry.note === undefined ? insideOf(entry) : noteSentence(entry.note);
  return [head.trimEnd(), io.paint.dim(`${" ".repeat(10)}${cleanLine(inside)}`)];
}

function insideOf({ attempt, first, last, kinds = {}, classes }: LedgerEntry): string {
  const parts = [
    ...(attempt === undefined ? [] : [`attempt ${attempt}`]),
    ...(first === undefined || last === undefined ? [] : [`${rangeText(first, last)}: ${kindsText(kinds)}`]),
    ...Object.entries(classes).map(([dataClass, deed]) => `${dataClass} ${deed}`),
  ];
  return parts.join(" · ");
}

const rangeText = (first: number, last: number): string =>
  first === last ? `event ${first}` : `events ${first} to ${last}`;

const kindsText = (kinds: Readonly<Record<string, number>>): string =>
  Object.entries(kinds)
    .map(([kind, number]) => `${number} ${kind}`)
    .join(", ");

function noteSentence(note: LedgerNote): string {
  switch (note.kind) {
    case "dropped":
      return `${count(note.segments.length, "segment")} with all entries up to ${note.last} removed, to keep the ledger bounded`;
    case "adopted":
      return "from here on, the ledger has a head";
    case "mismatch":
      return `the agent was started and found that ${note.problem}`;
    case "mended":
      return `a crash had left ${count(note.bytes, "byte")} that were no line`;
  }
}
