import { StringDecoder } from "node:string_decoder";
import { LIMITS, type LogEvent } from "@weir/protocol";
import type { Readable } from "node:stream";

/** How much of stdout and stderr of one run is kept, and what was not. Shared by both streams. */
export interface OutputBudget {
  leftBytes: number;
  droppedLines: number;
  droppedBytes: number;
}

const NEWLINE = 10;
/** The end of stderr that is kept to say why a process died. V8's report of a full heap is about 3 KB long. */
const TAIL_CHARACTERS = 16 * 1024;
/**
 * Kept of one line beyond the limit. The gate strikes secrets out and only then cuts to the limit; a secret that stands across it must be
 * here as a whole.
 */
const BEYOND_LIMIT = 4 * 1024;
const LINE_KEPT = LIMITS.logLineBytes + BEYOND_LIMIT;

/** Counts lines without decoding them: what is dropped must cost next to nothing. */
function countLines(piece: Buffer): number {
  let lines = 0;
  for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) lines += 1;
  return lines;
}

/** Makes log events of what a process writes to one of its streams. */
export class OutputCapture {
  readonly #stream: Readable;
  readonly #logger: "stdout" | "stderr";
  readonly #budget: OutputBudget;
  readonly #emit: (events: readonly LogEvent[]) => void;
  readonly #now: () => number;
  readonly #decoder = new StringDecoder("utf8");
  #begun = "";
  /** Characters of the begun line that were not kept. */
  #cut = 0;
  #pieces = 0;
  #tail = "";
  readonly #onData = (piece: Buffer): void => this.#take(piece);
  readonly #onEnd = (): void => this.flush();

  constructor(o: {
    stream: Readable;
    logger: "stdout" | "stderr";
    budget: OutputBudget;
    emit: (events: readonly LogEvent[]) => void;
    now: () => number;
  }) {
    this.#stream = o.stream;
    this.#logger = o.logger;
    this.#budget = o.budget;
    this.#emit = o.emit;
    this.#now = o.now;
    this.#stream.on("data", this.#onData);
    this.#stream.on("end", this.#onEnd);
    // A stream that breaks is as good as ended; the process's own end is told elsewhere.
    this.#stream.on("error", this.#onEnd);
  }

  /** Hears nothing more: what the process writes from now on is not this run's. */
  detach(): void {
    this.#stream.off("data", this.#onData);
    this.#stream.off("end", this.#onEnd);
    this.#stream.off("error", this.#onEnd);
  }

  /** The last characters that were written. */
  get tail(): string {
    return this.#tail;
  }

  /** Pieces read so far: it stands still when nothing waits in the pipe. */
  get pieces(): number {
    return this.#pieces;
  }

  #take(piece: Buffer): void {
    this.#pieces += 1;
    if (this.#logger === "stderr") this.#tail = (this.#tail + piece.toString("latin1")).slice(-TAIL_CHARACTERS);
    if (this.#budget.leftBytes <= 0) return this.#drop(piece);
    this.#budget.leftBytes -= piece.length;
    const lines = (this.#begun + this.#decoder.write(piece)).split("\n");
    this.#begun = lines.pop() ?? "";
    const events = lines.flatMap((line) => this.#line(line));
    if (this.#begun.length > LINE_KEPT) {
      this.#cut += this.#begun.length - LINE_KEPT;
      this.#begun = this.#begun.slice(0, LINE_KEPT);
    }
    if (events.length > 0) this.#emit(events);
  }

  #drop(piece: Buffer): void {
    this.#budget.droppedBytes += piece.length;
    this.#budget.droppedLines += countLines(piece);
  }

  #line(line: string): LogEvent[] {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    const length = text.length + this.#cut;
    this.#cut = 0;
    const level = this.#logger === "stdout" ? "info" : "warn";
    const event: LogEvent = {
      kind: "log",
      at: this.#now(),
      level,
      logger: this.#logger,
      text: text.slice(0, LINE_KEPT),
    };
    if (length <= LINE_KEPT) return [event];
    const note = `The line above was ${length} characters long; its beginning was kept.`;
    return [event, { kind: "log", at: this.#now(), level: "warn", logger: "weir", text: note }];
  }

  /** Gives the line that was begun, although its end has not come. */
  flush(): void {
    const rest = this.#begun + this.#decoder.end();
    this.#begun = "";
    if (rest !== "") this.#emit(this.#line(rest));
  }
}

/** The line that says what was dropped, if anything was. */
export function droppedOutput(budget: OutputBudget, limitBytes: number, at: number): LogEvent[] {
  if (budget.droppedBytes === 0) return [];
  const text = `${budget.droppedLines} lines of stdout and stderr dropped (${budget.droppedBytes} bytes): a run keeps ${limitBytes} bytes of them.`;
  return [{ kind: "log", at, level: "warn", logger: "weir", text }];
}

/**
 * Waits until what a process has written so far is read. A process writes to its pipes synchronously, so what it wrote before a message
 * is in the pipe when the message comes; two turns of the event loop without a piece show that the pipes are empty.
 */
export async function drained(captures: readonly OutputCapture[]): Promise<void> {
  const pieces = (): number => captures.reduce((sum, capture) => sum + capture.pieces, 0);
  let quietTurns = 0;
  for (let before = pieces(); quietTurns < 2; before = pieces()) {
    await new Promise((turn) => setImmediate(turn));
    quietTurns = pieces() === before ? quietTurns + 1 : 0;
  }
}
