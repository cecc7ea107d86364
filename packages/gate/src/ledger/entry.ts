import { hash } from "node:crypto";
import type { Deeds } from "../treatment/deeds.ts";

/** What the ledger itself has to say. */
export type LedgerNote =
  /** Segments were removed to keep the ledger bounded: all entries up to `last`, whose hash is `hash`. The rest is proved from there. */
  | { readonly kind: "dropped"; readonly segments: readonly string[]; readonly last: number; readonly hash: string }
  /** A ledger of before there were heads goes on. That nothing was cut off before this entry cannot be shown. */
  | { readonly kind: "adopted" }
  /** The agent started and found another end than the one it had left. */
  | { readonly kind: "mismatch"; readonly problem: string }
  /** A crash left something behind the last whole line. It was taken away. */
  | { readonly kind: "mended"; readonly bytes: number };

/** What a message says of the events in it: numbers and kinds, never content. */
export interface ReportFacts {
  readonly attempt?: number;
  /** Numbers of its events within the attempt. Absent where it carries none. */
  readonly first?: number;
  readonly last?: number;
  /** How many of each kind. */
  readonly kinds?: Readonly<Record<string, number>>;
}

/** One line of the ledger: that something crossed, and what it was, but not its content. */
export interface LedgerEntry extends ReportFacts {
  /** 1, 2, 3 … through all segments. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The run that it was about; null for claims and the like. */
  readonly run: string | null;
  /** Message of the run door, name of the GraphQL operation, or LEDGER_MESSAGE. */
  readonly message: string;
  readonly classes: Deeds;
  /** Present on what the ledger wrote about itself; nothing was sent then. */
  readonly note?: LedgerNote;
  readonly bytes: number;
  /** SHA-256 (hex) of exactly what was sent. */
  readonly sha256: string;
  /** `hash` of the line before. */
  readonly previous: string;
  /** SHA-256 (hex) of this line without `hash`. */
  readonly hash: string;
}

/** What the gate knows of a message; the rest the ledger adds. */
export type EntryFacts = Omit<LedgerEntry, "number" | "previous" | "hash" | "bytes" | "sha256">;

/** `message` of entries that the ledger wrote about itself. */
export const LEDGER_MESSAGE = "ledger";
/** `previous` of the first line, before there were heads. */
export const OLD_BEGINNING = "0".repeat(64);
/** `previous` of the first line of a ledger that always had a head. */
export const BEGINNING = hash("sha256", "weir ledger with a head");
/** No line comes near it: names and ids are capped. */
export const LONGEST_LINE = 1024 * 1024;

/** SHA-256 in hex. */
export const sha256 = (text: string): string => hash("sha256", text);

/** `,"hash":"<64 hex>"}` */
const HASH_LENGTH = 75;
const HASH = /,"hash":"([0-9a-f]{64})"\}$/;

/** The text of a line, without line feed. */
export function sealLine(open: Omit<LedgerEntry, "hash">): { text: string; hash: string } {
  const json = JSON.stringify(open);
  const digest = sha256(json);
  return { text: `${json.slice(0, -1)},"hash":"${digest}"}`, hash: digest };
}

/**
 * Reads a line and checks its hash: over its very characters, so that a blank more shows too.
 * @returns the entry, or what is wrong with the line
 */
export function openLine(text: string): LedgerEntry | string {
  const digest = HASH.exec(text)?.[1];
  if (digest === undefined) return "is not a line of a ledger";
  if (sha256(`${text.slice(0, -HASH_LENGTH)}}`) !== digest) return "was changed";
  try {
    return JSON.parse(text) as LedgerEntry;
  } catch {
    return "is no JSON";
  }
}
