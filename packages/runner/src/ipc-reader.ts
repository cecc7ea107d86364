import { LIMITS } from "@weir/protocol";

/** The child wrote something that is no message. The sentence says what, never the content. */
export class IpcError extends Error {
  override readonly name = "IpcError";
}

const NEWLINE = 10;
/** Pieces of a begun line are put together from this number on: a buffer for every byte would take a hundred times the line's memory. */
const PIECES_MOST = 256;

/**
 * Cuts what a child writes into lines. A child is untrusted: a line without end must not fill the runner's memory.
 */
export class IpcReader {
  readonly #maxBytes: number;
  #begun: Buffer[] = [];
  #begunBytes = 0;

  constructor(maxBytes: number = LIMITS.ipcMessageBytes) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes the next piece and gives the lines that it completes.
   * @throws IpcError when a line is longer than the cap
   */
  read(piece: Buffer): string[] {
    const end = piece.lastIndexOf(NEWLINE);
    if (end === -1) {
      this.#keep(piece);
      return [];
    }
    const whole = this.#begun.length === 0 ? piece : Buffer.concat([...this.#begun, piece]);
    // Decoded at once, not line by line: a piece of 64 KiB may hold hundreds of lines.
    const lines = whole.toString("utf8", 0, whole.length - piece.length + end).split("\n");
    this.#begun = [];
    this.#begunBytes = 0;
    this.#keep(piece.subarray(end + 1));
    for (const line of lines) if (line.length > this.#maxBytes) this.#refuse();
    return lines;
  }

  #keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#begun.push(rest);
    this.#begunBytes += rest.length;
    if (this.#begunBytes > this.#maxBytes) this.#refuse();
    if (this.#begun.length >= PIECES_MOST) this.#begun = [Buffer.concat(this.#begun)];
  }

  /** Buffers that hold the line that is begun. */
  get pieces(): number {
    return this.#begun.length;
  }

  #refuse(): never {
    throw new IpcError(`a message is longer than ${this.#maxBytes} bytes`);
  }
}
