/** One event of a stream. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Cuts a text stream into server-sent events, as the HTML standard writes them: fields by line, an empty line ends an event,
 * lines that begin with a colon are comments that only keep the connection open.
 * @throws RangeError when one event is longer than `maxLength` characters
 */
export class EventStreamReader {
  readonly #maxLength: number;
  #rest = "";
  #event = "message";
  #data: string[] = [];
  #length = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** Takes the next piece of the stream and gives the events that it completes. */
  read(piece: string): ServerSentEvent[] {
    const text = this.#rest + piece;
    // A carriage return at the end may be the first half of \r\n: it waits for the next piece.
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(end);
    const complete: ServerSentEvent[] = [];
    for (const line of lines) {
      const event = this.#line(line);
      if (event) complete.push(event);
    }
    this.#guard(this.#rest.length);
    return complete;
  }

  #line(line: string): ServerSentEvent | null {
    if (line === "") return this.#end();
    const colon = line.indexOf(":");
    if (colon === 0) return null;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    // An empty line of data counts too: without end, they would fill the memory as well.
    this.#length += value.length + 1;
    this.#guard(0);
    return null;
  }

  #end(): ServerSentEvent | null {
    const complete = this.#data.length === 0 ? null : { event: this.#event, data: this.#data.join("\n") };
    this.#event = "message";
    this.#data = [];
    this.#length = 0;
    return complete;
  }

  #guard(unread: number): void {
    if (this.#length + unread > this.#maxLength)
      throw new RangeError(`an event of the stream is longer than ${this.#maxLength} characters`);
  }
}
