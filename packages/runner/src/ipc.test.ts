import type { RunEvent } from "@weir/protocol";
import { expect, test } from "vitest";
import { parseFromChild } from "./ipc-messages.ts";
import { IpcError, IpcReader } from "./ipc-reader.ts";

const events = (...list: unknown[]): string => JSON.stringify({ kind: "events", events: list });

test("lines are the same wherever the stream is cut, also inside a character", () => {
  const text = Buffer.from('{"a":"é"}\n\n{"b":"😀"}\nrest');
  for (let cut = 0; cut <= text.length; cut += 1) {
    const reader = new IpcReader();
    const lines = [
      ...reader.read(text.subarray(0, cut)),
      ...reader.read(text.subarray(cut)),
      ...reader.read(Buffer.from("\n")),
    ];
    expect(lines).toEqual(['{"a":"é"}', "", '{"b":"😀"}', "rest"]);
  }
});

test("a line without end, and one that is whole but too long, are refused", () => {
  const piece = Buffer.alloc(60, "x");
  const reader = new IpcReader(100);
  reader.read(piece);
  expect(() => reader.read(piece)).toThrow(IpcError);
  expect(() => new IpcReader(100).read(Buffer.from(`${"x".repeat(101)}\n`))).toThrow(/longer than 100 bytes/);
});

test("a line that comes byte by byte is held in few pieces", () => {
  const reader = new IpcReader();
  for (let at = 0; at < 10_000; at += 1) {
    reader.read(Buffer.from("x"));
    expect(reader.pieces).toBeLessThan(300);
  }
  expect(reader.read(Buffer.from("\n"))).toEqual(["x".repeat(10_000)]);
});

test("messages of the protocol are understood", () => {
  const event: RunEvent = { kind: "task", at: 1, number: 1, state: "Success", location: "file:/a", resultBytes: 3 };
  expect(parseFromChild(events(event))).toEqual({ kind: "events", events: [event] });
  expect(parseFromChild('{"kind":"ready","sdkVersion":"1"}')).toEqual({ kind: "ready", sdkVersion: "1" });
  expect(parseFromChild('{"kind":"secrets","values":["a"]}')).toEqual({ kind: "secrets", values: ["a"] });
  expect(parseFromChild('{"kind":"done","outcome":"waiting","dueInMs":5}')).toMatchObject({ dueInMs: 5 });
  expect(parseFromChild('{"kind":"done","outcome":"paused"}')).toMatchObject({ outcome: "paused" });
  expect(parseFromChild('{"kind":"loaded","onLeaseLost":"continue"}')).toMatchObject({ onLeaseLost: "continue" });
  const loaded = parseFromChild('{"kind":"loaded","boundary":{"log":"drop","exception":"id-only"}}');
  expect(loaded).toEqual({ kind: "loaded", boundary: { log: "drop", exception: "id-only" } });
  expect(parseFromChild('{"kind":"ask","id":1,"ask":"slots","number":1,"tags":[]}')).toMatchObject({ ask: "slots" });
  const result: RunEvent = { kind: "result", at: 1, number: 2, location: "file:/b", resultBytes: 3 };
  expect(parseFromChild(events(result))).toEqual({ kind: "events", events: [result] });
});

for (const [what, line, says] of [
  ["no JSON", "hello", "a line is no JSON"],
  ["null", "null", "no known kind"],
  ["an unknown kind", '{"kind":"launch"}', "no known kind"],
  ["a kind of Object's own", '{"kind":"constructor"}', "no known kind"],
  ["a done of no known outcome", '{"kind":"done","outcome":"maybe"}', '"done": /outcome'],
  ["a wish about a lost lease that nobody knows", '{"kind":"loaded","onLeaseLost":"hope"}', '"loaded": /onLeaseLost'],
  ["an action that a class does not take", '{"kind":"loaded","boundary":{"log":"id-only"}}', '"loaded": /boundary/log'],
  ["a class that is none", '{"kind":"loaded","boundary":{"metadata":"drop"}}', '"loaded": /boundary'],
  ["a question of no known kind", '{"kind":"ask","id":1,"ask":"everything"}', '"ask": /ask'],
  ["a question without an id", '{"kind":"ask","ask":"slots","number":1,"tags":[]}', '"ask"'],
  ["a question with a negative id", '{"kind":"ask","id":-1,"ask":"slots","number":1,"tags":[]}', '"ask": /id'],
  ["a question with a huge id", '{"kind":"ask","id":1e300,"ask":"slots","number":1,"tags":[]}', '"ask": /id'],
  ["an answer to a question that nobody asked", '{"kind":"answer","id":1,"answer":{"granted":true}}', "no known kind"],
  ["an order of its own", '{"kind":"order","order":{"kind":"approve","numbers":[1]}}', "no known kind"],
  ["a kind by way of __proto__", '{"__proto__":{"kind":"ready","sdkVersion":"1"}}', "no known kind"],
  ["events that are no list", '{"kind":"events","events":{"length":1000000000}}', '"events": /events'],
  ["a wait of less than nothing", '{"kind":"done","outcome":"waiting","dueInMs":-1}', '"done": /dueInMs'],
  ["a wait without end", '{"kind":"done","outcome":"waiting","dueInMs":1e300}', '"done": /dueInMs'],
  [
    "a negative number of a task run",
    events({ kind: "task", at: 1, number: -1, state: "Running" }),
    "event 0 of a batch (task): /number",
  ],
  ["a list of lists without end", "[".repeat(100_000), "a line is no JSON"],
  ["levels", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, "no known kind"],
  [
    "a result without its size",
    events({ kind: "result", at: 1, number: 2, location: "x" }),
    "event 0 of a batch (result)",
  ],
  ["secrets that are no texts", '{"kind":"secrets","values":[1]}', '"secrets": /values/0'],
  ["an event of no known kind", events({ kind: "toString" }), "event 0 of a batch is of no known kind"],
  ["an event without its fields", events({ kind: "log", at: 1 }), "event 0 of a batch (log)"],
  [
    "an event with a field too many",
    events({ kind: "log", at: 1, level: "info", text: "", input: 1 }),
    "event 0 of a batch (log)",
  ],
  [
    "an artifact with __proto__",
    '{"kind":"events","events":[{"kind":"artifact","at":1,"name":"a","artifact":"table","data":{"__proto__":1}}]}',
    "__proto__",
  ],
  [
    "a cause that is too deep",
    events({
      kind: "flow",
      at: 1,
      state: "Failed",
      failure: { name: "E", message: "", cause: JSON.parse("[".repeat(99) + "]".repeat(99)) as unknown },
    }),
    "nested deeper",
  ],
  [
    "a state that is not a flow's own",
    events({ kind: "flow", at: 1, state: "Paused" }),
    "the state Paused is not for a flow's process",
  ],
] as const) {
  test(`a child's line is refused: ${what}`, () => {
    expect(() => parseFromChild(line)).toThrow(IpcError);
    expect(() => parseFromChild(line)).toThrow(says);
  });
}
