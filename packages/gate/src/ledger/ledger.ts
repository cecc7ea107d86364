import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { GateError } from "../gate-error.ts";
import { drop, expired, type Keep } from "./drop.ts";
import { BEGINNING, type EntryFacts, LEDGER_MESSAGE, type LedgerNote, sealLine, sha256 } from "./entry.ts";
import { type Head, HeadFile, headKey, readHead } from "./head.ts";
import { archivedAs, archivedSegments, headFileOf } from "./segments.ts";
import { firstEntryOf, lastEntryOf, mendTail } from "./tail.ts";
import { whatHappened } from "./what-happened.ts";

export interface LedgerOptions extends Partial<Keep> {
  /** Key of the user's side, the one of digests. Who has it can write heads. */
  readonly hmacKey: Uint8Array;
  /** Size at which a new segment is begun, bytes. Default 16 MiB, about 25,000 messages. */
  readonly segmentBytes?: number;
  /** Milliseconds since 1970, for what the ledger notes about itself. */
  readonly now?: () => number;
}

const SEGMENT_BYTES = 16 * 1024 * 1024;
const KEEP: Keep = { keepBytes: 1024 * 1024 * 1024, keepDays: 400 };
/** The head lags behind by this much at most: it costs a flush to the disk, in the background. */
const HEAD_MS = 1_000;

/**
 * The user's record of all that crossed: JSON lines, each with the hash of the one before, so that a line that was changed or
 * taken out shows. One process writes one ledger. A line is written before its message is sent.
 *
 * When a file is full, it is renamed by the number of its first line and a new one is begun; the oldest are removed when all of them
 * are too large or too old, which is noted in the chain. Number and hash of the last line stand in a file beside it, under a MAC: so
 * lines that were cut off at the end show.
 *
 * A crash of the process loses no line. The head may then be a second old, and lines of that second could be cut off unseen. A power cut
 * may lose lines of the last second; the head never names a line that is not on the disk. Whoever has the disk and the key can write
 * another ledger that looks whole, and whoever kept a copy of disk can put the whole of it back: against both helps only a head that was
 * noted elsewhere (`verifyLedger`, `expect`), or the comparison with what the cloud holds.
 */
export class Ledger {
  readonly #path: string;
  readonly #segmentBytes: number;
  readonly #keep: Keep;
  readonly #now: () => number;
  readonly #head: HeadFile;
  #file: number;
  #size: number;
  /** Number of the first line of the file. */
  #first: number;
  #last: Head;
  #noted = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(path: string, o: LedgerOptions) {
    const key = headKey(o.hmacKey);
    this.#path = path;
    this.#segmentBytes = o.segmentBytes ?? SEGMENT_BYTES;
    this.#keep = { ...KEEP, ...o };
    this.#now = o.now ?? Date.now;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      this.#file = openSync(path, "a+", 0o600);
      const tail = mendTail(this.#file);
      const before = archivedSegments(path).at(-1);
      const last = tail.last ?? (before === undefined ? null : lastEntryOf(before.path));
      this.#size = tail.bytes;
      this.#last = last ?? { number: 0, hash: BEGINNING };
      this.#first = (tail.last && firstEntryOf(path)?.number) ?? this.#last.number + 1;
      const head = readHead(headFileOf(path), key);
      const note = whatHappened({ head, last, file: this.#file, path, hasArchive: before !== undefined });
      this.#head = new HeadFile(headFileOf(path), key);
      if (tail.spoilt) this.#note({ kind: "mended", bytes: tail.rest });
      if (note !== null) this.#note(note);
      this.#writeHead();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Number and hash of the last line: note them elsewhere, and `verifyLedger` can be held against them. */
  get head(): Head {
    return { number: this.#last.number, hash: this.#last.hash };
  }

  /** Writes the line of a message that is about to be sent. @throws GateError LEDGER_FAILED, and then it must not be sent */
  append(entry: EntryFacts, body: string, bytes: number): void {
    try {
      if (this.#closed) throw new Error("it is closed");
      if (this.#size >= this.#segmentBytes) this.#rotate();
      this.#line(entry, sha256(body), bytes);
    } catch (error) {
      throw this.#failed(error);
    }
    this.#timer ??= setTimeout(() => this.#headLater(), HEAD_MS).unref();
  }

  #line(entry: EntryFacts, digest: string, bytes: number): void {
    const number = this.#last.number + 1;
    const { text, hash } = sealLine({ number, ...entry, bytes, sha256: digest, previous: this.#last.hash });
    const line = Buffer.from(`${text}\n`);
    if (writeSync(this.#file, line) !== line.length) {
      // A full disk may take half of a line.
      ftruncateSync(this.#file, this.#size);
      throw new Error("the disk took only a part of the line");
    }
    this.#size += line.length;
    this.#last = { number, hash };
  }

  #note(note: LedgerNote): void {
    const entry = { at: this.#now(), run: null, message: LEDGER_MESSAGE, classes: {}, note };
    this.#line(entry, sha256(""), 0);
  }

  /** Flushes in the background, so that no message waits for the disk; then tells the head what is safe now. */
  #headLater(): void {
    this.#timer = null;
    const head = this.head;
    fdatasync(this.#file, (error) => {
      // On an error, the next message asks again. After a rotation a newer head stands there.
      if (error === null && !this.#closed && head.number > this.#noted) this.#tellHead(head);
    });
  }

  #writeHead(): void {
    fdatasyncSync(this.#file);
    this.#tellHead(this.head);
  }

  #tellHead(head: Head): void {
    this.#head.write(head);
    this.#noted = head.number;
  }

  #rotate(): void {
    this.#writeHead();
    const archive = archivedAs(this.#path, this.#first);
    renameSync(this.#path, archive);
    try {
      const next = openSync(this.#path, "ax", 0o600);
      closeSync(this.#file);
      this.#file = next;
    } catch (error) {
      renameSync(archive, this.#path);
      throw error;
    }
    this.#size = 0;
    this.#first = this.#last.number + 1;
    this.#dropOldest();
  }

  #dropOldest(): void {
    const gone = expired(archivedSegments(this.#path), this.#keep, { bytes: this.#segmentBytes, now: this.#now() });
    if (gone === null) return;
    const { segments, next } = gone;
    const border = next === null ? this.head : { number: next.number - 1, hash: next.previous };
    const names = segments.map(({ path }) => basename(path));
    this.#note({ kind: "dropped", segments: names, last: border.number, hash: border.hash });
    // The note is on the disk before they go: otherwise a power cut could leave a hole that nothing explains.
    this.#writeHead();
    drop(segments);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer ?? undefined);
    try {
      this.#writeHead();
    } finally {
      this.#head.close();
      closeSync(this.#file);
    }
  }

  #failed(error: unknown): GateError {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The ledger ${this.#path} cannot be written: ${reason}. Nothing is sent that is not recorded; make room or mend the permissions, and it goes on.`;
    return new GateError("LEDGER_FAILED", message, error);
  }
}
