/** One event of a `text/event-stream`. */
export interface ServerEvent {
  /** `message` where the stream gives none. */
  readonly event: string;
  readonly data: string;
}

/** The events of a stream of text, as they come. What stands after the last empty line is no event yet, and comments are none. */
export async function* eventsOf(chunks: AsyncIterable<string>): AsyncGenerator<ServerEvent> {
  let rest = "";
  for await (const chunk of chunks) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = eventOf(block);
      if (event !== null) yield event;
    }
  }
}

function eventOf(block: string): ServerEvent | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = valueOf(line, "event:");
    if (line.startsWith("data:")) data.push(valueOf(line, "data:"));
  }
  return data.length === 0 && event === "message" ? null : { event, data: data.join("\n") };
}

function valueOf(line: string, field: string): string {
  const value = line.slice(field.length);
  return value.startsWith(" ") ? value.slice(1) : value;
}
