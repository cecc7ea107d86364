import { expect, test } from "vitest";
import { ChildBounds } from "./child-bounds.ts";
import { eventually } from "./testing/eventually.ts";
import { type CloudRun, OTHER_RUN } from "./testing/fake-cloud.ts";
import { setStage } from "./testing/stage.ts";

// A child without measure, and a cloud without measure: what both can make a runner keep has an end, and other runs go on.

const failureOf = (run: CloudRun) => {
  const end = run.events.findLast((event) => event.kind === "flow");
  return end?.kind === "flow" ? end.failure : undefined;
};

test.for([10, 3_000])(
  "secrets without end, of %d characters each: the run is stopped, another goes on",
  async (bytes) => {
    const { begin } = await setStage();
    const { handle, run } = begin({ behave: "secrets-without-end", bytes });
    expect(await handle.done).toEqual({ kind: "finished", state: "Crashed" });
    const message = expect.stringContaining("it told more than 2000 secrets") as string;
    expect(failureOf(run)).toMatchObject({ code: "IPC_INVALID", message });
    expect(await begin({}).handle.done).toEqual({ kind: "finished", state: "Success" });
  },
);

test("the same secret is told as often as it is read", () => {
  const bounds = new ChildBounds();
  const message = { kind: "secrets" as const, values: ["a-token-of-the-bank"] };
  expect(() => {
    for (let told = 0; told < 20_000; told += 1) bounds.count(message);
  }).not.toThrow();
});

test("task runs without end are too many", () => {
  const bounds = new ChildBounds();
  const declared = { kind: "task-run" as const, at: 1, number: 1, task: "t", ordinal: 0 };
  const message = { kind: "events" as const, events: Array.from({ length: 100_000 }, () => declared) };
  for (let sent = 0; sent < 10; sent += 1) bounds.count(message);
  const state = { kind: "task" as const, at: 1, number: 1, state: "Running" as const };
  bounds.count({ kind: "events", events: [state] });
  expect(() => bounds.count({ kind: "events", events: [declared] })).toThrow(/more than 1000000 task runs/);
});

test("a million messages that mean nothing, as fast as they can be written: this run and another one succeed", async () => {
  const { begin } = await setStage();
  const babbling = begin({ behave: "babble", tasks: 1_000_000 });
  const other = begin({ tasks: 20, everyMs: 5 });
  expect(await other.handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(await babbling.handle.done).toEqual({ kind: "finished", state: "Success" });
});

test("orders without end before the flow's process has begun stop the run", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "wait" });
  const numbers = Array.from({ length: 10_000 }, (_, at) => at + 1);
  for (let sent = 0; sent < 11; sent += 1) handle.order({ kind: "approve", numbers });
  expect(await handle.done).toEqual({ kind: "finished", state: "Crashed" });
  expect(failureOf(run)).toMatchObject({
    message: expect.stringContaining("orders about more than 100000 task runs") as string,
  });
});

test("of the orders of one reply a hundred are heard", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "ask" }, { reportSeconds: 0.1 });
  await eventually("it has begun", () => run.events.length > 1);
  run.orders.push(...Array.from({ length: 300 }, () => ({ kind: "resume" as const })));
  await eventually("they are told", () => run.orders.length === 0 && run.lines().length > 0);
  run.orders.push({ kind: "approve", numbers: [7] });
  await eventually("the last is heard", () => run.lines().some((line) => line.includes("approve")));
  expect(run.lines()).toHaveLength(101);
  handle.order({ kind: "cancel" });
  await handle.done;
});

test("an answer about another run than was asked for is none", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.outcome = () => ({ runId: OTHER_RUN.replace("1", "2"), state: "Success" });
  const { handle, run } = begin({ behave: "ask", questions: [{ ask: "outcome", runId: OTHER_RUN }], hears: 1 });
  expect(await handle.done).toMatchObject({ state: "Success" });
  expect(run.lines().map((line) => JSON.parse(line) as object)).toMatchObject([
    { id: 1, refusal: { message: expect.stringContaining("answered about another one") as string } },
  ]);
});

test("fields that a question does not have, __proto__ among them, do not reach the cloud", async () => {
  const { begin } = await setStage();
  const start = { ask: "start", flow: "other", idempotencyKey: "k" };
  // In an object literal it would be the prototype instead of a key.
  const own = JSON.parse('{"__proto__":{"project":"theirs"}}') as object;
  const questions = [
    { ...start, exec: "x" },
    { ...start, ...own },
    { ...start, parameters: own },
  ];
  const { handle, run } = begin({ behave: "ask", questions, hears: 3 });
  expect(await handle.done).toMatchObject({ state: "Success" });
  const codes = run.lines().map((line) => (JSON.parse(line) as { refusal?: { code: string } }).refusal?.code);
  expect(codes).toEqual(["INVALID", "INVALID", "INVALID"]);
  expect(run.asked).toEqual([]);
});
