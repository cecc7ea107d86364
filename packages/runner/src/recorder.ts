import type { RunScope } from "@weir/gate";
import { isTerminal, LIMITS, type LogEvent, type RunEvent, type StateName } from "@weir/protocol";
import type { Journal } from "./journal.ts";
import type { JournalRoom } from "./journal-room.ts";
import type { Outbox } from "./outbox.ts";

/** Longer batches become several rows, so that a report can be cut between them. */
const ROW_EVENTS = 1_000;
const ROW_BYTES = 256 * 1024;

/** What an append did. */
export interface Appended {
  /** The state that ended the flow, when one was among the events. */
  readonly over: StateName | null;
  /** The journal is full: nothing more should be emitted before there is room. */
  readonly full: boolean;
}

/** The journal could not be written. The events wait in memory, and the run should be stopped. */
export class JournalFailedError extends Error {
  override readonly name = "JournalFailedError";
}

/**
 * Numbers the events of one attempt and appends them: those of the child and the runner's own are one sequence. Nothing follows a
 * terminal state of the flow.
 */
export class Recorder {
  readonly #journal: Journal;
  readonly #outbox: Outbox;
  readonly #room: JournalRoom;
  readonly #scope: RunScope;
  readonly #now: () => number;
  #next = 1;
  #over: StateName | null = null;
  #droppedLines = 0;
  #broken = false;

  constructor(o: { journal: Journal; outbox: Outbox; room: JournalRoom; scope: RunScope; now: () => number }) {
    this.#journal = o.journal;
    this.#outbox = o.outbox;
    this.#room = o.room;
    this.#scope = o.scope;
    this.#now = o.now;
  }

  /** The terminal state that was appended, if one was. */
  get over(): StateName | null {
    return this.#over;
  }

  /**
   * Appends events in order.
   * @throws JournalFailedError when the journal cannot be written; the events are then kept in memory and shipped from there
   */
  append(events: readonly RunEvent[]): Appended {
    if (this.#over !== null) return { over: this.#over, full: false };
    const counted = this.#scope.admit(this.#upToTheEnd(events));
    const kept = this.#room.room === "all" ? this.#tellDropped(counted) : this.#dropLogs(counted);
    let failure: unknown = null;
    for (const row of rowsOf(kept)) failure = this.#store(row) ?? failure;
    if (this.#over !== null && !this.#broken) this.#journal.markOver(this.#outbox.key);
    if (failure !== null) throw failure;
    return { over: this.#over, full: this.#room.room === "none" };
  }

  #dropLogs(events: readonly RunEvent[]): readonly RunEvent[] {
    const states = events.filter((event) => event.kind !== "log");
    this.#droppedLines += events.length - states.length;
    // With the end, the line is told in spite of the bound: there is no later moment for it.
    return this.#over === null ? states : [...states.slice(0, -1), ...this.#tellDropped(states.slice(-1))];
  }

  /** The line that says how many were dropped stands before whatever comes next. */
  #tellDropped(events: readonly RunEvent[]): readonly RunEvent[] {
    if (this.#droppedLines === 0) return events;
    const text = `${this.#droppedLines} log lines dropped: the journal was full while the cloud did not take more.`;
    this.#droppedLines = 0;
    const told: LogEvent = { kind: "log", at: this.#now(), level: "warn", logger: "weir", text };
    return [...this.#scope.admit([told]), ...events];
  }

  /** Cuts off what stands behind a terminal state, and notes that one is there. */
  #upToTheEnd(events: readonly RunEvent[]): readonly RunEvent[] {
    const end = events.findIndex((event) => event.kind === "flow" && isTerminal(event.state));
    const last = events[end];
    if (last?.kind !== "flow") return events;
    this.#over = last.state;
    return events.slice(0, end + 1);
  }

  /** Returns the error instead of throwing it: the rows behind must still be kept. */
  #store(events: readonly RunEvent[]): JournalFailedError | null {
    const first = this.#next;
    const last = first + events.length - 1;
    const json = JSON.stringify(events);
    const row = { first, last, bytes: Buffer.byteLength(json) };
    this.#next = last + 1;
    const failure = this.#broken ? null : this.#write(row, json);
    // Once a row is missing from the journal, none may follow it there: found again, they would leave a gap.
    this.#outbox.push({ ...row, events, volatile: this.#broken });
    return failure;
  }

  #write(row: { first: number; last: number; bytes: number }, json: string): JournalFailedError | null {
    try {
      this.#journal.append(this.#outbox.key, row, json);
      return null;
    } catch (error) {
      this.#broken = true;
      return new JournalFailedError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }
}

/** Cuts a batch into rows, by halves: the exact size of an event is known only after its JSON is made, which happens once per row. */
function rowsOf(events: readonly RunEvent[]): (readonly RunEvent[])[] {
  if (events.length === 0) return [];
  if (events.length === 1 || (events.length <= ROW_EVENTS && roughBytes(events) <= ROW_BYTES)) return [events];
  const half = Math.ceil(events.length / 2);
  return [...rowsOf(events.slice(0, half)), ...rowsOf(events.slice(half))];
}

/** A guess that is good enough to cut by: texts are what makes an event large. */
function roughBytes(events: readonly RunEvent[]): number {
  let bytes = 0;
  for (const event of events) {
    bytes += 200;
    if (event.kind === "log") bytes += event.text.length;
    else if (event.kind === "artifact") bytes += ROW_BYTES / 2;
    else if (event.kind === "task" && event.digests !== undefined) bytes += event.digests.length * LIMITS.nameLength;
    else if ((event.kind === "task" || event.kind === "flow") && event.failure !== undefined)
      bytes += LIMITS.stackBytes;
  }
  return bytes;
}
