import { expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { RefusedError } from "./refused-error.ts";
import { RunnerCloud } from "./runner-cloud.ts";

interface Asked {
  readonly id: number;
  readonly ask: string;
}

/** A line whose far end is the test. `hold`: events that were emitted are not written yet. */
function lineTo(hold?: Promise<void>) {
  const asked: Asked[] = [];
  const cloud = new RunnerCloud({
    drained: () => hold ?? Promise.resolve(),
    write: (line) => asked.push(JSON.parse(line) as Asked),
  });
  return { cloud, asked };
}

test("each answer goes to its question, in whatever order they come", async () => {
  const { cloud, asked } = lineTo();
  const first = cloud.ask("slots", { number: 1, tags: ["db"] });
  const second = cloud.ask("outcome", { runId: "r" });
  await eventually(() => expect(asked).toHaveLength(2));
  expect(asked).toEqual([
    { kind: "ask", id: 1, ask: "slots", number: 1, tags: ["db"] },
    { kind: "ask", id: 2, ask: "outcome", runId: "r" },
  ]);
  cloud.answered({ kind: "answer", id: 2, answer: { runId: "r", state: "Success" } });
  cloud.answered({ kind: "answer", id: 1, answer: { granted: true, waitSeconds: 0 } });
  expect(await first).toEqual({ granted: true, waitSeconds: 0 });
  expect(await second).toEqual({ runId: "r", state: "Success" });
});

test("a refusal is thrown with the cloud's code and sentence", async () => {
  const { cloud, asked } = lineTo();
  const question = cloud.ask("start", { flow: "other", idempotencyKey: "k" });
  await eventually(() => expect(asked).toHaveLength(1));
  cloud.answered({ kind: "answer", id: 1, refusal: { code: "NOT_FOUND", message: 'There is no flow "other".' } });
  const error: unknown = await question.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RefusedError);
  expect(error).toMatchObject({ refusal: "NOT_FOUND", message: 'There is no flow "other".' });
});

test("a question that no line can carry is refused here: the runner would take it for nonsense and end the run", async () => {
  const { cloud, asked } = lineTo();
  const parameters = { text: "x".repeat(3_000_000) };
  await expect(cloud.ask("start", { flow: "f", idempotencyKey: "k", parameters })).rejects.toThrow(/has 3\d{6} bytes/);
  expect(asked).toEqual([]);
});

test("what was emitted before a question is written before it", async () => {
  const written = Promise.withResolvers<void>();
  const { cloud, asked } = lineTo(written.promise);
  void cloud.ask("slots", { number: 1, tags: [] });
  await new Promise((turn) => setImmediate(turn));
  expect(asked).toEqual([]);
  written.resolve();
  await eventually(() => expect(asked).toHaveLength(1));
});

test("no more questions are open than the runner takes; those that wait for a run leave the others their way", async () => {
  const { cloud, asked } = lineTo();
  const count = (ask: string): number => asked.filter((one) => one.ask === ask).length;
  for (let n = 0; n < 6_000; n += 1) void cloud.ask("outcome", { runId: `${n}` });
  for (let n = 1; n <= 1_500; n += 1) void cloud.ask("slots", { number: n, tags: [] });
  await eventually(() => expect([count("outcome"), count("slots")]).toEqual([5_000, 1_000]));
  const [first] = asked.filter(({ ask }) => ask === "slots");
  cloud.answered({ kind: "answer", id: first?.id ?? 0, answer: { granted: true, waitSeconds: 0 } });
  await eventually(() => expect(count("slots")).toBe(1_001));
});
