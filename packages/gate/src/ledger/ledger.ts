import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { GateError } from "../gate-error.ts";
import type { Deeds } from "../treatment.ts";

/** One line of the ledger: that something crossed, and what it was, but not its content. */
export interface LedgerEntry {
  /** 1, 2, 3 … */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The run that it was about; null for claims and the like. */
  readonly run: string | null;
  /** Message of the run door, or name of the GraphQL operation. */
  readonly message: string;
  readonly classes: Deeds;
  readonly bytes: number;
  /** SHA-256 (hex) of exactly what was sent. */
  readonly sha256: string;
  /** `hash` of the line before; 64 zeros in the first. */
  readonly previous: string;
  /** SHA-256 (hex) of this line without `hash`. */
  readonly hash: string;
}

const BEGINNING = "0".repeat(64);
/** Longer than any line: names and ids are capped, classes are nine. */
const TAIL_BYTES = 64 * 1024;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * The user's record of all that crossed: JSON lines, each with the hash of the one before, so that a line that was changed or
 * taken out shows. One process writes one ledger. A line is written before its message is sent.
 */
export class Ledger {
  readonly #file: number;
  readonly #path: string;
  #number: number;
  #previous: string;

  constructor(path: string) {
    this.#path = path;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      this.#file = openSync(path, "a+", 0o600);
      const last = this.#last();
      this.#number = last?.number ?? 0;
      this.#previous = last?.hash ?? BEGINNING;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** The last line. A torn one behind it is taken away: the message that it was for was never sent. */
  #last(): LedgerEntry | null {
    const { size } = fstatSync(this.#file);
    const from = Math.max(0, size - TAIL_BYTES);
    const tail = Buffer.alloc(size - from);
    readSync(this.#file, tail, 0, tail.length, from);
    const end = tail.lastIndexOf(10);
    if (from + end + 1 < size) ftruncateSync(this.#file, from + end + 1);
    if (end === -1) return null;
    const begin = end === 0 ? 0 : tail.lastIndexOf(10, end - 1) + 1;
    return JSON.parse(tail.toString("utf8", begin, end)) as LedgerEntry;
  }

  /** Writes the line of a message that is about to be sent. @throws GateError LEDGER_FAILED, and then it must not be sent */
  append(
    entry: Omit<LedgerEntry, "number" | "previous" | "hash" | "bytes" | "sha256">,
    body: string,
    bytes: number,
  ): void {
    const open = { number: this.#number + 1, ...entry, bytes, sha256: sha256(body), previous: this.#previous };
    const hash = sha256(JSON.stringify(open));
    const line = Buffer.from(`${JSON.stringify({ ...open, hash })}\n`);
    try {
      this.#write(line);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#number = open.number;
    this.#previous = hash;
  }

  #write(line: Buffer): void {
    const before = fstatSync(this.#file).size;
    if (writeSync(this.#file, line) === line.length) return;
    // A full disk may take half of a line.
    ftruncateSync(this.#file, before);
    throw new Error("the disk took only a part of the line");
  }

  close(): void {
    closeSync(this.#file);
  }

  #failed(error: unknown): GateError {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The ledger ${this.#path} cannot be written: ${reason}. Nothing is sent that is not recorded; make room or mend the permissions, and it goes on.`;
    return new GateError("LEDGER_FAILED", message, error);
  }
}

/** What reading a whole ledger showed. */
export interface LedgerReport {
  readonly entries: number;
  /** A sentence about the first line that breaks the chain; null when all is well. */
  readonly problem: string | null;
}

function problemOf(line: string, expected: { number: number; previous: string }): string | null {
  let entry: LedgerEntry;
  try {
    entry = JSON.parse(line) as LedgerEntry;
  } catch {
    return `line ${expected.number} is no JSON`;
  }
  const { hash, ...open } = entry;
  if (entry.number !== expected.number) return `line ${expected.number} carries the number ${entry.number}`;
  if (entry.previous !== expected.previous) return `line ${expected.number} does not follow the line before it`;
  if (hash !== sha256(JSON.stringify(open))) return `line ${expected.number} was changed`;
  return null;
}

/** Reads a ledger from its beginning and checks the chain. */
export async function verifyLedger(path: string): Promise<LedgerReport> {
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Infinity });
  const expected = { number: 1, previous: BEGINNING };
  for await (const line of lines) {
    const problem = problemOf(line, expected);
    if (problem !== null) return { entries: expected.number - 1, problem };
    expected.previous = (JSON.parse(line) as LedgerEntry).hash;
    expected.number += 1;
  }
  return { entries: expected.number - 1, problem: null };
}
