import type { AskMessage, ToChild } from "@weir/protocol";
import { expect, test } from "vitest";
import { eventually } from "./testing/eventually.ts";
import { type CloudRun, OTHER_RUN, refusal } from "./testing/fake-cloud.ts";
import { setStage } from "./testing/stage.ts";

// The child is the fake one: it asks what its parameters say, and tells what it hears as log lines.

type Plain = Omit<AskMessage, "kind" | "id"> & Record<string, unknown>;

const slots = (number: number): Plain => ({ ask: "slots", number, tags: ["db"] });
const outcome: Plain = { ask: "outcome", runId: OTHER_RUN };
const start: Plain = { ask: "start", flow: "other", idempotencyKey: "k", parameters: { day: 1 }, labels: ["eu"] };
const asking = (hears: number, ...questions: Plain[]) => ({ behave: "ask", questions, hears });

const heard = (run: CloudRun): ToChild[] => run.lines().map((line) => JSON.parse(line) as ToChild);

test("slots: of all that ask at once, in one message, after the events that came before", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.slots = () => ({ granted: [2], waitSeconds: 3 });
  const { handle, run } = begin(asking(2, slots(1), slots(2)));
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const tasks = [
    { number: 1, tags: ["db"] },
    { number: 2, tags: ["db"] },
  ];
  expect(run.asked).toEqual([{ ask: "slots", body: { attempt: 1, tasks }, events: expect.any(Number) as number }]);
  // Running, and the declaration of task run 1.
  expect(run.asked[0]?.events).toBeGreaterThanOrEqual(2);
  expect(heard(run)).toEqual([
    { kind: "answer", id: 1, answer: { granted: false, waitSeconds: 3 } },
    { kind: "answer", id: 2, answer: { granted: true, waitSeconds: 3 } },
  ]);
});

test("slots that are granted by an order of a report's reply reach the child, and are not asked for again", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.slots = () => ({ granted: [], waitSeconds: 0.2 });
  const { handle, run } = begin(asking(2, slots(1)), { reportSeconds: 0.1 });
  await eventually("the question", () => run.asked.length > 0);
  run.orders.push({ kind: "slots", numbers: [1] });
  expect(await handle.done).toMatchObject({ kind: "finished" });
  expect(heard(run)[1]).toEqual({ kind: "order", order: { kind: "slots", numbers: [1] } });
  expect(run.asked).toHaveLength(1);
});

test("a grant whose order was lost comes with the next question", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.slots = ({ tasks }) => ({
    granted: cloud.away ? [] : tasks.map(({ number }) => number),
    waitSeconds: 0,
  });
  let first = true;
  cloud.answers.slots = ({ tasks }) => {
    const granted = first ? [] : tasks.map(({ number }) => number);
    first = false;
    return { granted, waitSeconds: 0.05 };
  };
  const { handle, run } = begin(asking(2, slots(1)));
  expect(await handle.done).toMatchObject({ kind: "finished" });
  expect(heard(run)).toEqual([
    { kind: "answer", id: 1, answer: { granted: false, waitSeconds: 0.05 } },
    { kind: "order", order: { kind: "slots", numbers: [1] } },
  ]);
});

test("cached: key and digests leave keyed only, and come back keyed to be compared", async () => {
  const { begin, cloud, gate } = await setStage();
  const state = { location: "file:/1.json", at: 5, digests: [{ name: "0", value: gate.keyed("plain") }] };
  cloud.answers.cached = () => ({ states: [state] });
  const digests = [{ name: "0", value: "plain" }];
  const { handle, run } = begin(asking(1, { ask: "cached", cacheKey: "daily", digests }));
  expect(await handle.done).toMatchObject({ kind: "finished" });
  expect(run.asked[0]?.body).toEqual({ attempt: 1, cacheKey: gate.keyed("daily") });
  // What the flow run itself has cached before is to be found, too.
  expect(run.asked[0]?.events).toBeGreaterThanOrEqual(2);
  expect(heard(run)).toEqual([{ kind: "answer", id: 1, answer: { states: [state], digests: state.digests } }]);
});

test("start and outcome: another run is started, and waited for until it is over", async () => {
  const { begin, cloud } = await setStage();
  const states = ["Scheduled", "Running", "Looped", "Success"] as const;
  let polls = 0;
  cloud.answers.outcome = () => ({ runId: OTHER_RUN, state: states[(polls += 1) - 1] ?? "Success" });
  const { handle, run } = begin(asking(2, start, outcome));
  expect(await handle.done).toMatchObject({ kind: "finished" });
  const told = heard(run);
  expect(told).toHaveLength(2);
  expect(told).toContainEqual({ kind: "answer", id: 1, answer: { runId: OTHER_RUN, created: true } });
  expect(told).toContainEqual({ kind: "answer", id: 2, answer: { runId: OTHER_RUN, state: "Success" } });
  expect(run.asked.filter(({ ask }) => ask === "outcome")).toHaveLength(4);
  const { ask: _ask, ...rest } = start;
  expect(run.asked.find(({ ask }) => ask === "start")?.body).toEqual({ attempt: 1, ...rest });
});

test("while the cloud is away a question waits, and the run goes on; lost answers are asked for again", async () => {
  const { begin, cloud } = await setStage();
  const { handle, run } = begin(asking(2, start, slots(1)));
  cloud.away = true;
  cloud.mishaps.push("lose the reply", "proxy page", "lose the reply", refusal("OVERLOADED", "Later."));
  await eventually("a question is turned away", () => cloud.turnedAway.some((url) => url.endsWith("/starts")));
  cloud.away = false;
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(heard(run).map((message) => "answer" in message)).toEqual([true, true]);
});

test("what the cloud refuses, and what cannot be asked, is told to the child with its sentence; the run goes on", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.start = () => refusal("NOT_FOUND", 'There is no flow "other".');
  const text = "x".repeat(600_000);
  const wrong = [
    { ...start, parameters: { text } },
    { ask: "outcome", runId: "no id" } as Plain,
    { ...start, flow: "" },
  ];
  const { handle, run } = begin(asking(5, start, ...wrong, slots(1)));
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const byId = new Map(heard(run).flatMap((message) => (message.kind === "answer" ? [[message.id, message]] : [])));
  expect(byId.get(1)).toEqual({
    kind: "answer",
    id: 1,
    refusal: { code: "NOT_FOUND", message: 'There is no flow "other".' },
  });
  expect(byId.get(2)).toMatchObject({
    refusal: { code: "TOO_LARGE", message: expect.stringContaining("allowed") as string },
  });
  expect(byId.get(3)).toMatchObject({
    refusal: { code: "INVALID", message: expect.stringContaining("/runId") as string },
  });
  expect(byId.get(4)).toMatchObject({
    refusal: { code: "INVALID", message: expect.stringContaining("/flow") as string },
  });
  expect(byId.get(5)).toMatchObject({ answer: { granted: true } });
});

test("a question for slots that cannot be asked is refused alone: others go along in the same message", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin(asking(2, slots(0), slots(1)));
  expect(await handle.done).toMatchObject({ kind: "finished" });
  expect(heard(run)).toMatchObject([
    { id: 1, refusal: { code: "INVALID", message: expect.stringContaining("/number") as string } },
    { id: 2, answer: { granted: true } },
  ]);
});

test("an order that grants slots counts also when it overtakes the answer to their question", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.slots = () => refusal("OVERLOADED", "Later.");
  const { handle, run } = begin(asking(2, slots(1)));
  await eventually("it is asked", () => run.asked.length > 0);
  handle.order({ kind: "slots", numbers: [1] });
  cloud.answers.slots = () => ({ granted: [], waitSeconds: 60 });
  expect(await handle.done).toMatchObject({ kind: "finished" });
  expect(heard(run)).toContainEqual({ kind: "answer", id: 1, answer: { granted: true, waitSeconds: 60 } });
});

test("a child that asks without measure is refused beyond a bound", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.outcome = () => ({ runId: OTHER_RUN, state: "Running" });
  const many = Array.from({ length: 10_020 }, () => outcome);
  const { handle, run } = begin({ behave: "ask", questions: many });
  await eventually("the refusals", () => run.lines().length === 20);
  const ids = heard(run).map((message) => message.kind === "answer" && "refusal" in message && message.id);
  expect(ids).toEqual(Array.from({ length: 20 }, (_, index) => 10_001 + index));
  expect(heard(run)[0]).toMatchObject({ refusal: { code: "OVERLOADED" } });
  handle.order({ kind: "cancel" });
  await handle.done;
});

test("questions of one run that are under way at once are bounded", async () => {
  const { begin, cloud } = await setStage();
  const many = Array.from({ length: 40 }, () => outcome);
  cloud.answers.outcome = () => ({ runId: OTHER_RUN, state: "Running" });
  const { handle, run } = begin({ behave: "ask", questions: many });
  await eventually("all were asked", () => run.asked.length > 40);
  const waits = run.asked.map(({ body }) => Number(body["waitSeconds"]));
  // The first may be held for long; with others behind them, each gets its share.
  expect(Math.min(...waits)).toBeLessThan(7);
  expect(Math.min(...waits)).toBeGreaterThan(5);
  handle.order({ kind: "cancel" });
  await handle.done;
});

test("a cancel ends the questions: the child is told so after the cancel itself, also for those that it asks later", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.outcome = () => ({ runId: OTHER_RUN, state: "Running" });
  const { handle, run } = begin(asking(2, outcome));
  await eventually("it is asked", () => run.asked.length > 0);
  handle.order({ kind: "cancel" });
  // The fake child asks once more when it hears of the cancel, and ends as soon as it has both answers.
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const refused = { code: "CONFLICT", message: "The run is cancelled; nothing more is asked of the cloud." };
  expect(heard(run)).toEqual([1, 1_000].map((id) => ({ kind: "answer", id, refusal: refused })));
});

test("a lease that is given back ends the questions without a word: the next attempt asks again", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.outcome = () => ({ runId: OTHER_RUN, state: "Running" });
  const { handle, run } = begin(asking(1, outcome));
  await eventually("it is asked", () => run.asked.length > 0);
  await handle.release("drain");
  expect(await handle.done).toEqual({ kind: "released", reason: "drain" });
  expect(heard(run)).toEqual([]);
  expect(run.over).toBe(false);
});

test("what a child asks while its lease is given back stays without an answer: it must not be seen to fail", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "ask-when-told-to-end" });
  await eventually("it hears", () => run.lines().length > 0);
  await handle.release("drain");
  expect(await handle.done).toEqual({ kind: "released", reason: "drain" });
  expect(run.lines()).toEqual(["ready"]);
  expect(run.asked).toEqual([]);
});

test("a question that the cloud refuses as stale fences the run", async () => {
  const { begin, cloud } = await setStage();
  cloud.answers.start = () => refusal("STALE_ATTEMPT", "Another attempt is the live one.");
  const { handle, run } = begin(asking(1, start));
  expect(await handle.done).toMatchObject({
    kind: "fenced",
    reason: expect.stringContaining("STALE_ATTEMPT") as string,
  });
  expect(heard(run)).toEqual([]);
});

test("orders reach the child, also those that come before it has begun", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "ask", hears: 4 }, { reportSeconds: 0.1 });
  handle.order({ kind: "pause" });
  await eventually("the first is heard", () => run.lines().length > 0);
  run.orders.push({ kind: "resume" }, { kind: "approve", numbers: [4] });
  await eventually("all three are heard", () => run.lines().length === 3);
  handle.order({ kind: "slots", numbers: [1] });
  expect(await handle.done).toMatchObject({ kind: "finished" });
  expect(heard(run).map((message) => message.kind === "order" && message.order)).toEqual([
    { kind: "pause" },
    { kind: "resume" },
    { kind: "approve", numbers: [4] },
    { kind: "slots", numbers: [1] },
  ]);
});
