import { basename } from "node:path";
import { BEGINNING, type LedgerEntry, OLD_BEGINNING, openLine } from "./entry.ts";
import { type Head, headKey, readHead } from "./head.ts";
import { type LedgerLine, ledgerLines, LedgerReadError } from "./read.ts";
import { headFileOf } from "./segments.ts";

export interface VerifyOptions {
  /** Key of the agent that wrote it. Without it, the head is not checked: lines that were cut off at the end do not show. */
  readonly hmacKey?: Uint8Array;
  /** A head that was noted elsewhere. */
  readonly expect?: Head;
}

/** What reading a whole ledger showed. */
export interface LedgerReport {
  /** Entries that were read, up to the first problem. */
  readonly entries: number;
  readonly segments: number;
  /** Where the chain ends. Worth noting elsewhere; null in an empty ledger. */
  readonly head: Head | null;
  /** A sentence about the first thing that breaks the proof; null when all is well. */
  readonly problem: string | null;
  /** What is no proof of anything wrong, but should be known. */
  readonly remarks: readonly string[];
}

/**
 * Reads a ledger from its beginning, checks the chain, and that it ends where its head says. May be done while the agent writes.
 * @param file the ledger's file; its older segments are found beside it
 * @throws LedgerReadError when there is nothing to read
 */
export async function verifyLedger(file: string, o: VerifyOptions = {}): Promise<LedgerReport> {
  const name = basename(headFileOf(file));
  // Before the lines: those that are written while they are read must not look like too many.
  const head = o.hmacKey === undefined ? undefined : readHead(headFileOf(file), headKey(o.hmacKey));
  const chain = new Chain([o.expect, typeof head === "object" ? (head ?? undefined) : undefined]);
  const report = (problem: string | null): LedgerReport => ({ ...chain.told, problem });
  try {
    for await (const line of ledgerLines(file)) {
      const problem = chain.next(line);
      if (problem !== null) return report(problem);
    }
  } catch (error) {
    if (error instanceof LedgerReadError && chain.told.entries > 0) return report(error.message);
    throw error;
  }
  return report(chain.end() ?? problemOfHead(head, chain, name) ?? problemOfExpected(o.expect, chain));
}

function problemOfHead(head: Head | string | null | undefined, chain: Chain, name: string): string | null {
  if (head === undefined) {
    chain.remarks.push(
      "The head was not checked, since the agent's key is not known: lines cut off at the end do not show.",
    );
    return null;
  }
  if (typeof head === "string") return `The head ${name} ${head}. Where the ledger ended can no longer be shown.`;
  if (head !== null) return chain.problemAt(head, `the head ${name}`);
  if (chain.hadHead) return `The head ${name} is gone. Where the ledger ended can no longer be shown.`;
  chain.remarks.push(
    "There is no head yet: lines cut off at the end do not show. The next agent that starts here writes one.",
  );
  return null;
}

function problemOfExpected(expected: Head | undefined, chain: Chain): string | null {
  return expected === undefined ? null : chain.problemAt(expected, "what was noted elsewhere");
}

/** Follows the chain, line by line. */
class Chain {
  readonly remarks: string[] = [];
  /** Whether a head was ever written: then there must be one. */
  hadHead = false;
  readonly #wanted: ReadonlyMap<number, Head>;
  readonly #seen = new Map<number, string>();
  #entries = 0;
  #segments = 0;
  #segment = "";
  #last: LedgerEntry | null = null;
  #adopted = false;
  /** The oldest entry, when it is not number 1: what stands before it must have been dropped. */
  #border: (Head & { segment: string }) | null = null;

  constructor(wanted: readonly (Head | undefined)[]) {
    this.#wanted = new Map(wanted.flatMap((head) => (head === undefined ? [] : [[head.number, head]])));
  }

  get told(): Omit<LedgerReport, "problem"> {
    const head = this.#last === null ? null : { number: this.#last.number, hash: this.#last.hash };
    return { entries: this.#entries, segments: this.#segments, head, remarks: this.remarks };
  }

  next(line: LedgerLine): string | null {
    const entry = openLine(line.text);
    const where = `Line ${line.line} of ${line.segment}`;
    if (typeof entry === "string") return `${where} ${entry}.`;
    const problem = this.#follow(line, entry, where) ?? this.#note(entry, where);
    if (problem !== null) return problem;
    if (line.segment !== this.#segment) this.#segments += 1;
    this.#segment = line.segment;
    this.#last = entry;
    this.#entries += 1;
    if (this.#wanted.has(entry.number)) this.#seen.set(entry.number, entry.hash);
    return null;
  }

  #follow(line: LedgerLine, entry: LedgerEntry, where: string): string | null {
    if (this.#last === null) return this.#begin(line, entry, where);
    const wanted = this.#last.number + 1;
    if (entry.number === wanted)
      return entry.previous === this.#last.hash ? null : `${where} does not follow the line before it.`;
    if (line.segment !== this.#segment && entry.number > wanted)
      return `${line.segment} begins with entry ${entry.number}, but ${this.#segment} ends with entry ${wanted - 1}: a segment between them is gone.`;
    return `${where} is entry ${entry.number}, where entry ${wanted} should be: entries were removed, inserted or moved.`;
  }

  #begin({ line, segment }: LedgerLine, entry: LedgerEntry, where: string): string | null {
    if (line !== 1) return `${where} is the first.`;
    this.hadHead = entry.previous !== OLD_BEGINNING;
    if (entry.number === 1)
      return entry.previous === OLD_BEGINNING || entry.previous === BEGINNING
        ? null
        : `${where} does not begin a ledger.`;
    this.#border = { number: entry.number - 1, hash: entry.previous, segment };
    this.#seen.set(this.#border.number, this.#border.hash);
    return null;
  }

  #note({ note, number }: LedgerEntry, where: string): string | null {
    if (note === undefined) return null;
    switch (note.kind) {
      case "mismatch":
        return `${where} says that when the agent was started there, the ledger was not as it had been left: ${note.problem}.`;
      case "adopted":
        if (this.#adopted) return `${where} says that the head was gone when the agent was started there.`;
        this.#adopted = this.hadHead = true;
        this.remarks.push(`Up to entry ${number}, the ledger had no head: what was cut off before does not show.`);
        return null;
      case "mended":
        this.remarks.push(
          `${where}: a crash had left ${note.bytes} bytes behind the line before, which were no lines.`,
        );
        return null;
      case "dropped":
        if (this.#border !== null && note.last === this.#border.number && note.hash === this.#border.hash) {
          this.remarks.push(`Entries 1 to ${note.last} were removed by the agent itself, to keep the ledger bounded.`);
          this.#border = null;
        }
        return null;
    }
  }

  /** What only the end shows. */
  end(): string | null {
    if (this.#border === null) return null;
    const { segment, number } = this.#border;
    return `${segment} begins with entry ${number + 1}, and no entry says that the ${number} before it were removed by the agent: they are gone.`;
  }

  /** Whether the chain goes through a place that it must go through. */
  problemAt(head: Head, source: string): string | null {
    const { number, hash } = head;
    if (number === 0) return null;
    const last = this.#last?.number ?? 0;
    if (number > last)
      return `The ledger ends with entry ${last}${this.#segment === "" ? "" : `, in ${this.#segment}`}, but ${source} says that entry ${number} was written: the end was cut off.`;
    const seen = this.#seen.get(number);
    if (seen === undefined) {
      this.remarks.push(`Entry ${number} is older than what is kept: ${source} could not be compared.`);
      return null;
    }
    return seen === hash ? null : `Entry ${number} is not the one that ${source} names: the ledger was written anew.`;
  }
}
