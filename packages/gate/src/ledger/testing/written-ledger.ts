import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Ledger, type LedgerOptions } from "../ledger.ts";
import { archivedSegments, headFileOf } from "../segments.ts";
import { verifyLedger, type VerifyOptions } from "../verify.ts";

/** The key of tests. */
export const hmacKey = Buffer.alloc(32, 7);

/** A ledger on disk, and the ways in which somebody may lay hands on it. */
export interface WrittenLedger {
  readonly directory: string;
  readonly file: string;
  /** Opens it, writes so many messages, closes it. */
  readonly write: (messages: number, o?: Partial<LedgerOptions>) => void;
  readonly open: (o?: Partial<LedgerOptions>) => Ledger;
  readonly lines: (path?: string) => string[];
  readonly put: (lines: readonly string[], path?: string) => void;
  readonly head: () => string;
  readonly putHead: (text: string) => void;
  /** Paths of the segments that are full. */
  readonly archive: () => string[];
  /** What `verifyLedger` finds, with the key unless told otherwise. */
  readonly problem: (o?: VerifyOptions) => Promise<string | null>;
}

/** A ledger for one test. */
export function writtenLedger(): WrittenLedger {
  const directory = mkdtempSync(join(tmpdir(), "weir-ledger-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "ledger.jsonl");
  const open = (o: Partial<LedgerOptions> = {}) => new Ledger(file, { hmacKey, now: () => 42, ...o });
  return {
    directory,
    file,
    open,
    write: (messages, o) => {
      const ledger = open(o);
      for (let i = 1; i <= messages; i += 1) append(ledger, `message ${i}`);
      ledger.close();
    },
    lines: (path = file) => readFileSync(path, "utf8").trimEnd().split("\n"),
    put: (lines, path = file) => writeFileSync(path, lines.map((line) => `${line}\n`).join("")),
    head: () => readFileSync(headFileOf(file), "utf8"),
    putHead: (text) => writeFileSync(headFileOf(file), text),
    archive: () => archivedSegments(file).map(({ path }) => path),
    problem: async (o = { hmacKey }) => (await verifyLedger(file, o)).problem,
  };
}

/** Writes one line. */
export function append(ledger: Ledger, body: string, run: string | null = null): void {
  const facts = { at: 42, run, message: "report", classes: { metadata: "sent", log: "redacted" } } as const;
  ledger.append(facts, body, Buffer.byteLength(body));
}
