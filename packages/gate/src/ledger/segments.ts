import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A part of the ledger that is written to no more. */
export interface Segment {
  /** Absolute path. */
  readonly path: string;
  readonly name: string;
  /** Number of its first entry. */
  readonly first: number;
}

/** As long as the largest safe integer: names then sort as numbers do. */
const DIGITS = 16;

const stemOf = (file: string): string => basename(file).replace(/\.jsonl$/, "");

/** Where the ledger's file goes when it is full. @example archivedAs("/a/ledger.jsonl", 8_001) // "/a/ledger-0000000000008001.jsonl" */
export function archivedAs(file: string, first: number): string {
  return join(dirname(file), `${stemOf(file)}-${String(first).padStart(DIGITS, "0")}.jsonl`);
}

/** The head's file, beside the ledger's. */
export function headFileOf(file: string): string {
  return join(dirname(file), `${stemOf(file)}.head`);
}

/** Segments that are full, the oldest first. */
export function archivedSegments(file: string): Segment[] {
  const stem = stemOf(file);
  return namesBeside(file)
    .flatMap((name) => {
      const digits = name.startsWith(`${stem}-`) ? /^-(\d{16})\.jsonl$/.exec(name.slice(stem.length))?.[1] : undefined;
      return digits === undefined ? [] : [{ path: join(dirname(file), name), name, first: Number(digits) }];
    })
    .sort((a, b) => a.first - b.first);
}

function namesBeside(file: string): string[] {
  try {
    return readdirSync(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** The ledger's file of an agent's directory. */
export const ledgerFileIn = (directory: string): string => join(directory, "ledger.jsonl");
