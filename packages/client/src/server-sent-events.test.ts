import { expect, test } from "vitest";
import { EventStreamReader } from "./server-sent-events.ts";

const TEXT = ': hello\r\nevent: next\r\ndata: {"a":\r\ndata: 1}\r\n\r\ndata:two\n\nid: 7\n\nevent: complete\rdata\r\r';
const EVENTS = [
  { event: "next", data: '{"a":\n1}' },
  { event: "message", data: "two" },
  { event: "complete", data: "" },
];

test("events are the same wherever the stream is cut", () => {
  for (let cut = 0; cut <= TEXT.length; cut += 1) {
    const reader = new EventStreamReader(1_000);
    const events = [...reader.read(TEXT.slice(0, cut)), ...reader.read(TEXT.slice(cut)), ...reader.read(":\n")];
    expect(events).toEqual(EVENTS);
  }
});

test("an event without end does not fill the memory", () => {
  const reader = new EventStreamReader(100);
  expect(() => {
    for (let i = 0; i < 20; i += 1) reader.read("data: 0123456789\n");
  }).toThrow(/longer than 100/);
  expect(() => new EventStreamReader(100).read("data\n".repeat(200))).toThrow(/longer than 100/);
  expect(() => new EventStreamReader(100).read("data: ".padEnd(200, "x"))).toThrow(/longer than 100/);
});
