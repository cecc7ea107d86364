import type { RunEvent } from "@weir/protocol";
import { LIMITS } from "@weir/protocol/limits";
import { expect, test } from "vitest";
import { EventBatches, type LineWriter } from "./event-batches.ts";

/** Takes lines; says that it is congested when told so. */
class Writer implements LineWriter {
  readonly lines: string[] = [];
  congested = false;
  #drained: () => void = () => undefined;

  write(line: string): boolean {
    this.lines.push(line);
    return !this.congested;
  }

  onDrain(callback: () => void): void {
    this.#drained = callback;
  }

  drain(): void {
    this.congested = false;
    this.#drained();
  }

  get batches(): RunEvent[][] {
    return this.lines.map((line) => (JSON.parse(line) as { events: RunEvent[] }).events);
  }
}

const moved = (number: number): RunEvent => ({ kind: "task", at: 1, number, state: "Running", tryNumber: 1 });
const line = (text: string): RunEvent => ({ kind: "log", at: 1, level: "info", text });
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("events of one turn go together, at its end", async () => {
  const writer = new Writer();
  const batches = new EventBatches(writer);
  batches.emit(moved(1));
  batches.emit(moved(2));
  expect(writer.lines).toEqual([]);
  await turn();
  batches.emit(moved(3));
  await turn();
  expect(writer.batches).toEqual([[moved(1), moved(2)], [moved(3)]]);
});

test("a full batch goes at once, and no message is larger than the runner reads", () => {
  const writer = new Writer();
  const batches = new EventBatches(writer);
  for (let i = 1; i <= 600; i += 1) batches.emit(moved(i));
  expect(writer.batches.map(({ length }) => length)).toEqual([256, 256]);
  const large = new Writer();
  const lines = new EventBatches(large);
  for (let i = 0; i < 100; i += 1) lines.emit(line("€".repeat(LIMITS.logLineBytes / 3)));
  lines.pressure("stop");
  for (let i = 0; i < 100; i += 1) lines.emit(line("€".repeat(LIMITS.logLineBytes / 3)));
  lines.pressure("go");
  for (const text of large.lines) expect(Buffer.byteLength(text)).toBeLessThan(LIMITS.ipcMessageBytes);
});

test("what was held goes in order and in batches when the way is free", async () => {
  const writer = new Writer();
  const batches = new EventBatches(writer);
  batches.pressure("stop");
  expect(batches.open).toBe(false);
  let called = 0;
  batches.onOpen(() => void (called += 1));
  for (let i = 1; i <= 1_000; i += 1) batches.emit(moved(i));
  await turn();
  expect([writer.lines.length, called]).toEqual([0, 0]);
  batches.pressure("go");
  expect(called).toBe(1);
  expect(writer.batches.map(({ length }) => length)).toEqual([256, 256, 256, 232]);
  expect(writer.batches.flat()).toEqual(Array.from({ length: 1_000 }, (_, i) => moved(i + 1)));
});

test("a full socket holds back like a stop, until it has drained", async () => {
  const writer = new Writer();
  const batches = new EventBatches(writer);
  writer.congested = true;
  for (let i = 1; i <= 300; i += 1) batches.emit(moved(i));
  await turn();
  expect(batches.open).toBe(false);
  expect(writer.batches.map(({ length }) => length)).toEqual([256]);
  writer.drain();
  expect(batches.open).toBe(true);
  expect(writer.batches.map(({ length }) => length)).toEqual([256, 44]);
});

test("log lines give way when too much is held, visibly; states never do", async () => {
  const writer = new Writer();
  const batches = new EventBatches(writer);
  batches.pressure("stop");
  const long = "x".repeat(60_000);
  for (let i = 1; i <= 400; i += 1) {
    batches.emit(line(long));
    batches.emit(moved(i));
  }
  batches.pressure("go");
  await batches.drained();
  const events = writer.batches.flat();
  const dropped = 400 - events.filter((event) => event.kind === "log" && event.text === long).length;
  expect(dropped).toBeGreaterThan(50);
  expect(events.filter((event) => event.kind === "task")).toHaveLength(400);
  expect(events.at(-1)).toMatchObject({
    logger: "weir",
    text: expect.stringContaining(`${dropped} log lines dropped`) as string,
  });
});

test("drained waits for the way to be free", async () => {
  const writer = new Writer();
  const batches = new EventBatches(writer);
  batches.pressure("stop");
  batches.emit(moved(1));
  let drained = false;
  const done = batches.drained().then(() => (drained = true));
  await turn();
  expect(drained).toBe(false);
  batches.pressure("go");
  await done;
  expect(writer.batches).toEqual([[moved(1)]]);
});

test("secrets go ahead of the events that wait", () => {
  const writer = new Writer();
  const batches = new EventBatches(writer);
  batches.emit(line("later"));
  batches.redact(["s3cret"]);
  expect(writer.lines).toEqual(['{"kind":"secrets","values":["s3cret"]}\n']);
});
