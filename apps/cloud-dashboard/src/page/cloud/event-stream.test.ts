import { expect, test } from "vitest";
import { eventsOf, type ServerEvent } from "./event-stream.ts";

async function* chunksOf(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
}

const STREAM =
  ':\n\nevent: next\ndata: {"a":"ü"}\n\n:\n\nevent: next\ndata: 1\ndata: 2\n\nevent: complete\ndata\n\nevent: cut';

test.each([1, 7, 1_000])("events come whole, however the network cuts them: in pieces of %d", async (size) => {
  const events: ServerEvent[] = [];
  for await (const event of eventsOf(chunksOf(STREAM, size))) events.push(event);
  expect(events).toEqual([
    { event: "next", data: '{"a":"ü"}' },
    { event: "next", data: "1\n2" },
    { event: "complete", data: "" },
  ]);
});
