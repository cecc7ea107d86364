import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { type LedgerEntry, LONGEST_LINE, openLine } from "./entry.ts";

/** Where a segment ends. */
export interface Tail {
  /** Its last whole line; null in an empty one. */
  readonly last: LedgerEntry | null;
  /** Bytes up to the end of that line. */
  readonly bytes: number;
  /** Bytes behind it, of lines that are not whole. */
  readonly rest: number;
  /** Whether something else than the beginning of one line is behind it. */
  readonly spoilt: boolean;
}

const LINE_FEED = 10;

/** Part of a file. */
export function readPart(file: number, from: number, length: number): Buffer {
  const part = Buffer.alloc(Math.max(0, length));
  return part.subarray(0, readSync(file, part, 0, part.length, from));
}

/** Looks from the end backward for a line that is whole: a crash leaves half a line, a power cut may leave zeros. */
export function tailOf(file: number): Tail {
  const { size } = fstatSync(file);
  const from = Math.max(0, size - 2 * LONGEST_LINE);
  const part = readPart(file, from, size - from);
  let end = part.lastIndexOf(LINE_FEED);
  const torn = end;
  while (end !== -1) {
    const begin = end === 0 ? 0 : part.lastIndexOf(LINE_FEED, end - 1) + 1;
    const line = openLine(part.toString("utf8", begin, end));
    const bytes = from + end + 1;
    if (typeof line !== "string") return { last: line, bytes, rest: size - bytes, spoilt: end !== torn };
    end = begin - 1;
  }
  return { last: null, bytes: 0, rest: size, spoilt: torn !== -1 };
}

/** The tail, with what is behind it taken away. @throws Error when the file holds lines, but no whole one */
export function mendTail(file: number): Tail {
  const tail = tailOf(file);
  if (tail.last === null && tail.spoilt)
    throw new Error("it holds no line of a ledger near its end. Move it away, and keep it: it may be evidence");
  if (tail.rest > 0) ftruncateSync(file, tail.bytes);
  return tail;
}

/** First line of a segment; null in an empty one. @throws Error when it is not whole */
export function firstEntryOf(path: string): LedgerEntry | null {
  const part = withFile(path, (file) => readPart(file, 0, LONGEST_LINE));
  const end = part.indexOf(LINE_FEED);
  if (end === -1) return null;
  const entry = openLine(part.toString("utf8", 0, end));
  if (typeof entry === "string") throw new Error(`the first line of ${path} ${entry}`);
  return entry;
}

/** Last whole line of a segment. */
export function lastEntryOf(path: string): LedgerEntry | null {
  return withFile(path, tailOf).last;
}

/** Hash of the entry with this number in one segment; null when it is not there. Reads at most 64 MiB from the end. */
export function hashAt(file: number, number: number): string | null {
  const { size } = fstatSync(file);
  const from = Math.max(0, size - 64 * LONGEST_LINE);
  const part = readPart(file, from, size - from);
  const begin = part.lastIndexOf(`{"number":${number},`);
  if (begin === -1) return null;
  const entry = openLine(part.toString("utf8", begin, part.indexOf(LINE_FEED, begin)));
  return typeof entry === "string" ? null : entry.hash;
}

function withFile<T>(path: string, work: (file: number) => T): T {
  const file = openSync(path, "r");
  try {
    return work(file);
  } finally {
    closeSync(file);
  }
}
