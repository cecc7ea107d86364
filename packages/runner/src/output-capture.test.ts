import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { LIMITS, type LogEvent } from "@weir/protocol";
import { expect, test } from "vitest";
import { droppedOutput, OutputCapture, type OutputBudget } from "./output-capture.ts";

function capturing(leftBytes = 1_000_000, logger: "stdout" | "stderr" = "stdout") {
  const stream = new PassThrough();
  const events: LogEvent[] = [];
  const budget: OutputBudget = { leftBytes, droppedLines: 0, droppedBytes: 0 };
  const emit = (more: readonly LogEvent[]): void => void events.push(...more);
  const capture = new OutputCapture({ stream, logger, budget, emit, now: () => 5 });
  const write = async (...pieces: (string | Buffer)[]): Promise<void> => {
    for (const piece of pieces) stream.write(piece);
    await turn();
  };
  return { stream, events, budget, capture, write, texts: () => events.map((event) => event.text) };
}

test("lines are whole wherever the writes are cut, also inside a character and before a line feed", async () => {
  const { write, texts, stream } = capturing();
  const smile = Buffer.from("😀");
  await write("one\ntw", "o\r", "\n", smile.subarray(0, 2), smile.subarray(2), "\n\nlast");
  expect(texts()).toEqual(["one", "two", "😀", ""]);
  stream.end();
  await turn();
  expect(texts().at(-1)).toBe("last");
});

test("stdout is info, stderr is a warning, and its end is kept to say why a process died", async () => {
  const { events, write, capture } = capturing(1_000, "stderr");
  await write(`${"x".repeat(20_000)}\n`, "JavaScript heap out of memory\n");
  expect(events[0]).toMatchObject({ kind: "log", at: 5, level: "warn", logger: "stderr" });
  expect(capture.tail).toContain("heap out of memory");
  expect(capture.tail.length).toBeLessThanOrEqual(16 * 1024);
});

test("a line of megabytes is kept at its beginning only, and the next line says how long it was", async () => {
  const { events, write } = capturing(100_000_000);
  const piece = "x".repeat(100_000);
  await write(...Array.from({ length: 50 }, () => piece), "xyz\nnext\n");
  expect(events).toHaveLength(3);
  // A little more than the limit: the gate strikes secrets out before it cuts.
  expect(events[0]?.text.length).toBeGreaterThan(LIMITS.logLineBytes);
  expect(events[0]?.text.length).toBeLessThan(LIMITS.logLineBytes + 10_000);
  expect(events[1]?.text).toBe("The line above was 5000003 characters long; its beginning was kept.");
  expect(events[2]?.text).toBe("next");
});

test("beyond the budget lines are counted, and one line tells it", async () => {
  const { budget, write, texts } = capturing(10);
  await write("0123456789\n");
  await write("a\nb\n");
  await write("c\n");
  expect(texts()).toEqual(["0123456789"]);
  expect(droppedOutput(budget, 10, 5)).toMatchObject([
    { logger: "weir", text: "3 lines of stdout and stderr dropped (6 bytes): a run keeps 10 bytes of them." },
  ]);
  expect(droppedOutput({ leftBytes: 1, droppedLines: 0, droppedBytes: 0 }, 10, 5)).toEqual([]);
});
