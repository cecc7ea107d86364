import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { type LedgerEntry, LONGEST_LINE } from "./entry.ts";
import { archivedSegments, ledgerFileIn } from "./segments.ts";

/** A line as it stands in its segment. */
export interface LedgerLine {
  readonly text: string;
  /** Name of the segment's file. */
  readonly segment: string;
  /** From 1, within the segment. */
  readonly line: number;
}

/** The ledger cannot be read. The message is a sentence for people. */
export class LedgerReadError extends Error {
  override readonly name = "LedgerReadError";
}

/** The segments, the oldest first, each opened when it is its turn. The agent may go on writing, and begin a new one meanwhile. */
async function* openSegments(file: string, after: number): AsyncGenerator<{ handle: FileHandle; name: string }> {
  // The last one that begins at or before the wanted entry; those before it are not opened.
  let read = (archivedSegments(file).findLast(({ first }) => first <= after + 1)?.first ?? 1) - 1;
  for (;;) {
    const next = archivedSegments(file).find(({ first }) => first > read);
    if (next !== undefined) {
      yield { handle: await opened(next.path), name: next.name };
      read = next.first;
      continue;
    }
    const handle = await opened(file);
    // Renamed between the look and the opening: what was read as the last is not, and this file's turn comes later.
    if (archivedSegments(file).some(({ first }) => first > read)) await handle.close();
    else return yield { handle, name: basename(file) };
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw new LedgerReadError(`The ledger ${path} cannot be read: ${message}.`);
    throw new LedgerReadError(
      `There is no ledger ${path}. An agent writes one into its directory: name that directory, or try again if it was just removing its oldest entries.`,
    );
  }
}

/**
 * Lines of all segments, in order, a piece of each file at a time. What stands behind the last line feed is left out: a line that is being
 * written.
 * @param after segments that end before the entry with this number may be left out
 * @throws LedgerReadError
 */
export async function* ledgerLines(file: string, after = 0): AsyncGenerator<LedgerLine> {
  for await (const { handle, name: segment } of openSegments(file, after)) {
    let rest = "";
    let line = 0;
    for await (const piece of handle.createReadStream({ encoding: "utf8", highWaterMark: 256 * 1024 })) {
      const texts = (rest + String(piece)).split("\n");
      rest = texts.pop() ?? "";
      if (rest.length > LONGEST_LINE)
        throw new LedgerReadError(`Line ${line + texts.length + 1} of ${segment} is longer than any line of a ledger.`);
      for (const text of texts) yield { text, segment, line: (line += 1) };
    }
  }
}

/** Which entries are wanted. */
export interface LedgerFilter {
  /** Only those about this run. */
  readonly run?: string;
  /** Only those from this moment on, milliseconds since 1970. */
  readonly since?: number;
  /** Only those with a higher number. */
  readonly after?: number;
}

/**
 * Entries of an agent's ledger, the oldest first. Reads as it goes: a ledger of any size takes no more memory than a small one. The chain
 * is not checked here; that is what `verifyLedger` is for.
 * @param directory the agent's directory
 * @throws LedgerReadError when there is none, or a line is no entry
 * @example for await (const entry of readLedger(".weir/agent", { run })) console.log(entry.message, entry.bytes);
 */
export async function* readLedger(directory: string, filter: LedgerFilter = {}): AsyncGenerator<LedgerEntry> {
  const { run, since = 0, after = 0 } = filter;
  for await (const { text, segment, line } of ledgerLines(ledgerFileIn(directory), after)) {
    if (run !== undefined && !text.includes(run)) continue;
    const entry = parsed(text);
    if (entry === null)
      throw new LedgerReadError(
        `Line ${line} of ${segment} is no entry of a ledger. \`weir ledger verify\` tells more.`,
      );
    if (entry.number > after && entry.at >= since && (run === undefined || entry.run === run)) yield entry;
  }
}

function parsed(text: string): LedgerEntry | null {
  try {
    const entry = JSON.parse(text) as LedgerEntry | null;
    return typeof entry?.number === "number" && typeof entry.message === "string" ? entry : null;
  } catch {
    return null;
  }
}
