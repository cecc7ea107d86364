import type { BoundaryRequest, RunEvent } from "@weir/protocol";
import type { Sink } from "../engine/sink.ts";

/** Where lines to the runner go. */
export interface LineWriter {
  /** False: too much is under way already; wait for `onDrain`. What was handed over is sent all the same. */
  write(line: string): boolean;
  onDrain(callback: () => void): void;
}

/** Events of one message. More saves nothing: one write costs about 10 µs, the events of a batch 300 µs. */
const BATCH_EVENTS = 256;
/** Characters of one message: three bytes each at worst, far below the 2 MiB that the runner reads. */
const BATCH_CHARACTERS = 256 * 1024;
/** What may be held while the runner cannot take more. Beyond it, log lines are dropped; states never are. */
const HELD_CHARACTERS = 16 * 1024 * 1024;

/**
 * Collects events and sends them in batches: when 256 are there, or at the end of the event loop's turn. While the runner or the
 * socket cannot take more, events are held and no new task is started.
 */
export class EventBatches implements Sink {
  readonly #writer: LineWriter;
  #events: string[] = [];
  #characters = 0;
  #stopped = false;
  #congested = false;
  #scheduled = false;
  #droppedLines = 0;
  #waiting: (() => void)[] = [];

  constructor(writer: LineWriter) {
    this.#writer = writer;
    writer.onDrain(() => {
      this.#congested = false;
      this.#goOn();
    });
  }

  get open(): boolean {
    return !this.#stopped && !this.#congested;
  }

  onOpen(callback: () => void): void {
    if (this.open) setImmediate(callback);
    else this.#waiting.push(callback);
  }

  /** The runner asked to stop or to go on. */
  pressure(flow: "stop" | "go"): void {
    this.#stopped = flow === "stop";
    this.#goOn();
  }

  redact(values: readonly string[]): void {
    this.#writer.write(`${JSON.stringify({ kind: "secrets", values })}\n`);
  }

  tighten(boundary: BoundaryRequest): void {
    this.#writer.write(`${JSON.stringify({ kind: "loaded", boundary })}\n`);
  }

  emit(event: RunEvent): void {
    if (event.kind === "log" && this.#characters > HELD_CHARACTERS) {
      this.#droppedLines += 1;
      return;
    }
    const text = JSON.stringify(event);
    this.#events.push(text);
    this.#characters += text.length;
    if (this.#events.length >= BATCH_EVENTS || this.#characters >= BATCH_CHARACTERS) this.flush();
    else if (!this.#scheduled) this.#schedule();
  }

  #schedule(): void {
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Sends what is collected, as far as it can be taken. */
  flush(): void {
    let from = 0;
    while (this.open && from < this.#events.length) from = this.#writeBatch(from);
    if (from === 0) return;
    this.#events = this.#events.slice(from);
    if (this.#events.length === 0) this.#characters = 0;
    else this.#characters = this.#events.reduce((sum, text) => sum + text.length, 0);
  }

  /** Writes as many events as one message may hold; answers where the next begins. */
  #writeBatch(from: number): number {
    let end = from;
    let characters = 0;
    while (end < this.#events.length && end - from < BATCH_EVENTS && characters < BATCH_CHARACTERS) {
      characters += this.#events[end]?.length ?? 0;
      end += 1;
    }
    const batch = from === 0 && end === this.#events.length ? this.#events : this.#events.slice(from, end);
    this.#congested = !this.#writer.write(`{"kind":"events","events":[${batch.join(",")}]}\n`);
    return end;
  }

  #goOn(): void {
    if (!this.open) return;
    this.flush();
    if (this.open) this.#tellDropped();
    if (!this.open) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback();
  }

  #tellDropped(): void {
    if (this.#droppedLines === 0) return;
    const text = `${this.#droppedLines} log lines dropped: the runner could not take them fast enough.`;
    this.#droppedLines = 0;
    this.emit({ kind: "log", at: Date.now(), level: "warn", logger: "weir", text });
  }

  /** Resolves when everything that was emitted is written. */
  async drained(): Promise<void> {
    this.flush();
    while (this.#events.length > 0 || this.#droppedLines > 0) {
      await new Promise<void>((resolve) => this.onOpen(resolve));
      this.#tellDropped();
      this.flush();
    }
  }
}
