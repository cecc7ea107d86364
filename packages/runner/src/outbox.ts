import type { RunEvent } from "@weir/protocol";
import { rowsOfReport } from "./batching.ts";
import type { Journal } from "./journal.ts";
import type { JournalRoom } from "./journal-room.ts";
import type { RunnerLog } from "./log.ts";
import { sentenceOf } from "./log.ts";

/** A row of the journal, with its events while there is memory for them. */
interface Row {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
  events: readonly RunEvent[] | null;
  /** Only in memory: the journal's disk was full. */
  readonly volatile: boolean;
}

/** Events of one report. */
export interface Batch {
  readonly first: number;
  readonly last: number;
  readonly events: readonly RunEvent[];
}

/** Most that one report takes. */
export interface ReportSize {
  readonly reportEvents: number;
  readonly reportBytes: number;
}

/**
 * The waiting rows of one run, in order. Journal and cursor are one thing here: what the cloud acknowledged moves the cursor and is
 * pruned one acknowledgement later, so that a cloud whose database fell back by a moment can be given it again.
 */
export class Outbox {
  readonly key: number;
  readonly #journal: Journal;
  readonly #room: JournalRoom;
  readonly #memoryBytes: number;
  readonly #log: RunnerLog;
  #rows: Row[] = [];
  /** Index of the first row that is not acknowledged as a whole. */
  #cursor = 0;
  #heldBytes = 0;
  #waitingEvents = 0;
  #waitingBytes = 0;
  #acknowledged: number;
  #pruned: number;
  #awaited: { readonly number: number; readonly there: () => void }[] = [];

  constructor(o: {
    key: number;
    journal: Journal;
    room: JournalRoom;
    memoryBytes: number;
    log: RunnerLog;
    acknowledged?: number;
  }) {
    this.key = o.key;
    this.#journal = o.journal;
    this.#room = o.room;
    this.#memoryBytes = o.memoryBytes;
    this.#log = o.log;
    this.#acknowledged = o.acknowledged ?? 0;
    this.#pruned = this.#acknowledged;
  }

  /** Highest number that the cloud has. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  get waitingEvents(): number {
    return this.#waitingEvents;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Adds a row behind the others. `events` null: they are read from the journal when their turn comes. */
  push(row: {
    first: number;
    last: number;
    bytes: number;
    events: readonly RunEvent[] | null;
    volatile?: boolean;
  }): void {
    const { first, last, bytes, volatile = false } = row;
    const held = row.events !== null && (volatile || this.#heldBytes + bytes <= this.#memoryBytes);
    this.#rows.push({ first, last, bytes, events: held ? row.events : null, volatile });
    if (held) this.#heldBytes += bytes;
    this.#waitingEvents += last - first + 1;
    this.#waitingBytes += bytes;
    this.#room.add(bytes);
  }

  /** The next events to ship, without taking them out; null when none wait. */
  next(most: ReportSize): Batch | null {
    return this.#batch(this.#report(this.#cursor, most).rows);
  }

  /** What goes after a report that ends with a number; null as long as that is less than a report's worth. */
  nextFull(after: number, most: ReportSize): Batch | null {
    const from = this.#rows.findIndex((row) => row.first > after);
    if (from === -1) return null;
    const { rows, isFull } = this.#report(from, most);
    return isFull ? this.#batch(rows) : null;
  }

  /** The rows of one report, and whether more wait than it takes. */
  #report(from: number, most: ReportSize): { rows: readonly Row[]; isFull: boolean } {
    const waiting = this.#rows.slice(from, from + most.reportEvents + 1);
    const sizes = waiting.map((row) => ({ events: row.last - row.first + 1, bytes: row.bytes }));
    const rows = waiting.slice(0, rowsOfReport(sizes, most));
    return { rows, isFull: rows.length < waiting.length };
  }

  #batch(rows: readonly Row[]): Batch | null {
    const [head] = rows;
    if (head === undefined) return null;
    const events = rows.flatMap((row) => row.events ?? this.#fromJournal(row));
    return { first: head.first, last: head.first + events.length - 1, events };
  }

  #fromJournal(row: Row): readonly RunEvent[] {
    return JSON.parse(this.#journal.read(this.key, row.first)) as RunEvent[];
  }

  /** The cloud has all events up to a number. */
  acknowledge(number: number): void {
    const last = this.#rows.at(-1)?.last ?? this.#acknowledged;
    // A cloud that claims to have more than it was given is not believed.
    const accepted = Math.min(number, last);
    if (accepted <= this.#acknowledged) return;
    const before = this.#acknowledged;
    this.#acknowledged = accepted;
    this.#moveCursor();
    this.#prune(before);
    if (this.#awaited.length > 0) this.#tellAwaited();
  }

  #tellAwaited(): void {
    const there = this.#awaited.filter(({ number }) => number <= this.#acknowledged);
    this.#awaited = this.#awaited.filter(({ number }) => number > this.#acknowledged);
    for (const one of there) one.there();
  }

  /** Resolves once the cloud has everything up to now, or when `signal` says stop. */
  async upToNow(signal: AbortSignal): Promise<void> {
    const number = this.#rows.at(-1)?.last ?? this.#acknowledged;
    if (number <= this.#acknowledged || signal.aborted) return;
    let there: () => void = () => {};
    await new Promise<void>((done) => {
      there = done;
      this.#awaited.push({ number, there });
      signal.addEventListener("abort", there, { once: true });
    });
    signal.removeEventListener("abort", there);
  }

  #moveCursor(): void {
    for (let row = this.#rows[this.#cursor]; row !== undefined && row.last <= this.#acknowledged;) {
      this.#waitingEvents -= row.last - row.first + 1;
      this.#waitingBytes -= row.bytes;
      this.#room.remove(row.bytes);
      this.#cursor += 1;
      row = this.#rows[this.#cursor];
    }
  }

  #prune(upTo: number): void {
    const kept = this.#rows.findIndex((row) => row.last > upTo);
    const gone = this.#rows.splice(0, kept === -1 ? this.#rows.length : kept);
    this.#cursor -= gone.length;
    this.#pruned = Math.max(this.#pruned, gone.at(-1)?.last ?? 0);
    for (const row of gone) if (row.events !== null) this.#heldBytes -= row.bytes;
    try {
      this.#journal.acknowledge(this.key, this.#acknowledged, upTo);
    } catch (error) {
      // A full disk. The rows stay, and are skipped by the cloud should they ever be shipped again.
      this.#log.warn({ problem: sentenceOf(error) }, "The journal could not be pruned.");
    }
  }

  /**
   * The cloud expects an earlier number than we thought: the rows from there on wait again.
   * @returns whether they are still there
   */
  rewind(expected: number): boolean {
    if (expected > this.#acknowledged + 1 || expected <= this.#pruned) return false;
    this.#acknowledged = expected - 1;
    while (this.#cursor > 0) {
      const row = this.#rows[this.#cursor - 1];
      if (row === undefined || row.last <= this.#acknowledged) break;
      this.#waitingEvents += row.last - row.first + 1;
      this.#waitingBytes += row.bytes;
      this.#room.add(row.bytes);
      this.#cursor -= 1;
    }
    return true;
  }

  /** Gives memory and room back; the journal's rows stay as they are. */
  drop(): void {
    this.#room.remove(this.#waitingBytes);
    this.#rows = [];
    this.#cursor = 0;
    this.#heldBytes = 0;
    this.#waitingEvents = 0;
    this.#waitingBytes = 0;
  }
}
