import { type LedgerEntry, type LedgerNote, OLD_BEGINNING } from "./entry.ts";
import type { Head } from "./head.ts";
import { firstEntryOf, hashAt } from "./tail.ts";

/** What a ledger looks like as it is opened. */
export interface Found {
  /** As `readHead` gives it. */
  readonly head: Head | string | null;
  readonly last: LedgerEntry | null;
  /** The file that is written. */
  readonly file: number;
  readonly path: string;
  readonly hasArchive: boolean;
}

/** Compares the end of a ledger with the head that was left beside it. @returns what is to be noted; null when all is as it was */
export function whatHappened({ head, last, file, path, hasArchive }: Found): LedgerNote | null {
  if (typeof head === "string") return mismatch(`its head's file ${head}`);
  if (head === null) {
    if (last === null) return null;
    const isOld = !hasArchive && firstEntryOf(path)?.previous === OLD_BEGINNING;
    return isOld ? { kind: "adopted" } : mismatch("its head's file was gone");
  }
  const number = last?.number ?? 0;
  if (head.number > number)
    return mismatch(`it ended with entry ${number}, but entry ${head.number} had been written: the end was cut off`);
  if (head.number === 0) return null;
  const found = head.number === number ? last?.hash : hashAt(file, head.number);
  // In an older segment: only `verifyLedger` looks there.
  if (found === null || found === undefined || found === head.hash) return null;
  return mismatch(`entry ${head.number} was another one than had been written`);
}

const mismatch = (problem: string): LedgerNote => ({ kind: "mismatch", problem });
