/** What still fits into the journal: everything; states but no log lines; nothing, so that children must wait. */
export type Room = "all" | "states" | "none";

/** Log lines give way at this share of the bound: the last quarter is for states, which are never dropped. */
const LOGS_GIVE_WAY = 0.75;
/** Children that wait go on below this share, not at once below the bound: each stop and go costs a message. */
const GO_ON = 0.5;

/** Decides by the bytes that wait. */
export function roomFor(waitingBytes: number, boundBytes: number): Room {
  if (waitingBytes >= boundBytes) return "none";
  return waitingBytes >= boundBytes * LOGS_GIVE_WAY ? "states" : "all";
}

/** Bytes that wait in the journal, of all runs together, and the runs that wait for room. */
export class JournalRoom {
  readonly #bound: number;
  #bytes = 0;
  #waiting: (() => void)[] = [];

  constructor(boundBytes: number) {
    this.#bound = boundBytes;
  }

  get room(): Room {
    return roomFor(this.#bytes, this.#bound);
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#waiting.length === 0 || this.#bytes > this.#bound * GO_ON) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const goOn of waiting) goOn();
  }

  /** Calls back once there is room again. */
  whenRoom(goOn: () => void): void {
    this.#waiting.push(goOn);
  }
}
