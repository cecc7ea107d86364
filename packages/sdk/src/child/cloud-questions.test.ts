import type { QuestionKind } from "@weir/protocol";
import { expect, test } from "vitest";
import { RunnerOfTest } from "../testing/child-process.ts";
import { flowDirectory } from "../testing/flow-directory.ts";

// A flow's real process; the test is its runner, and behind it the cloud.

const IMPORTS =
  'import { flow, kv, KvConflictError, manualOnly, pause, retryAfter, run, settle, startFlowRun, task, waitForFlowRun } from "@weir/sdk";\n';

function begin(text: string, over: Parameters<RunnerOfTest["start"]>[1] = {}): RunnerOfTest {
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "flow.ts": IMPORTS + text });
  return new RunnerOfTest().start(directory, over);
}

const OTHER = "01990000-0000-7000-8000-000000000001";

test("a tagged task asks for its slots after it was declared, is queued, and runs when an order grants them", async () => {
  const runner = begin(`
    const work = task("work", { tags: ["db"] }, () => 1);
    export default flow("f", async () => await work());`);
  await runner.until(({ asked }) => asked.length === 1);
  expect(runner.asked[0]).toEqual({ kind: "ask", id: 1, ask: "slots", number: 1, tags: ["db"] });
  expect(runner.messages.map(({ kind }) => kind)).toEqual(["ready", "loaded", "events", "ask"]);
  runner.send({ kind: "answer", id: 1, answer: { granted: false, waitSeconds: 60 } });
  await runner.until((r) => r.isIn("Queued"));
  runner.send({ kind: "order", order: { kind: "slots", numbers: [1] } });
  expect(await runner.finished()).toMatchObject({ state: "Success" });
});

test("an order that comes in one piece with the answer before it is heard", async () => {
  const runner = begin(`
    const work = task("work", { tags: ["db"] }, () => 1);
    export default flow("f", async () => await work());`);
  await runner.until(({ asked }) => asked.length === 1);
  runner.send(
    { kind: "answer", id: 1, answer: { granted: false, waitSeconds: 60 } },
    { kind: "order", order: { kind: "slots", numbers: [1] } },
  );
  expect(await runner.finished()).toMatchObject({ state: "Success" });
});

test("another run is started and waited for; what the cloud refuses fails the task with the cloud's sentence", async () => {
  const runner = begin(`
    export default flow("f", async () => {
      const id = await startFlowRun("other", { parameters: { day: 1 } });
      const { state } = await waitForFlowRun(id);
      run.log.info(state);
      await startFlowRun("gone");
    });`);
  await runner.until(({ asked }) => asked.length === 1);
  expect(runner.asked[0]).toMatchObject({ ask: "start", flow: "other", parameters: { day: 1 } });
  runner.send({ kind: "answer", id: 1, answer: { runId: OTHER, created: true } });
  await runner.until(({ asked }) => asked.length === 2);
  expect(runner.asked[1]).toMatchObject({ ask: "outcome", runId: OTHER });
  runner.send({ kind: "answer", id: 2, answer: { runId: OTHER, state: "Success" } });
  await runner.until(({ asked }) => asked.length === 3);
  runner.send({ kind: "answer", id: 3, refusal: { code: "NOT_FOUND", message: 'There is no flow "gone".' } });
  expect(await runner.finished()).toMatchObject({ state: "Failed", failure: { message: 'There is no flow "gone".' } });
  expect(runner.events).toContainEqual(expect.objectContaining({ kind: "log", text: "Success" }));
});

test("a flow whose next try is far away ends its process and says when it is due", async () => {
  const runner = begin(`
    const later = task("later", { retries: 1, holdFor: "10s" }, () => { throw retryAfter("1h"); });
    setInterval(() => {}, 1e6); // would keep the process
    export default flow("f", async () => await later());`);
  const done = await runner.rested();
  expect(done).toMatchObject({ kind: "done", outcome: "waiting" });
  const dueInMs = done?.kind === "done" ? (done.dueInMs ?? 0) : 0;
  expect(dueInMs).toBeGreaterThan(3_000_000);
  expect(Number.isInteger(dueInMs)).toBe(true);
  expect(runner.isIn("Retrying")).toBe(true);
});

test("a flow that waits for a person ends its process; told that one approved, it goes on", async () => {
  const text = `
    const gate = task("gate", { trigger: manualOnly }, () => 1);
    export default flow("f", async () => await gate());`;
  const first = begin(text);
  expect(await first.rested()).toEqual({ kind: "done", outcome: "paused" });
  expect(first.isIn("Paused")).toBe(true);
  const known = [{ number: 1, task: "gate", ordinal: 0, state: "Paused", tryNumber: 0, approved: true }] as const;
  const second = begin(text, { attempt: 2, known });
  expect(await second.finished()).toMatchObject({ state: "Success" });
});

test("paused from outside, the flow finishes what runs, begins nothing, and ends its process; resumed in time it goes on", async () => {
  const text = `
    const one = task("one", async () => { console.log("one runs"); await new Promise((ok) => setTimeout(ok, 200)); });
    const two = task("two", () => 2);
    export default flow("f", async () => { await one(); return await two(); });`;
  const [paused, resumed] = [begin(text), begin(text)];
  for (const runner of [paused, resumed]) {
    await runner.until(({ stdout }) => stdout !== "");
    runner.send({ kind: "order", order: { kind: "pause" } });
  }
  resumed.send({ kind: "order", order: { kind: "resume" } });
  expect(await paused.rested()).toEqual({ kind: "done", outcome: "paused" });
  expect([paused.isIn("Success", 1), paused.isIn("Success", 2)]).toEqual([true, false]);
  expect(await resumed.finished()).toMatchObject({ state: "Success" });
});

test("an order that comes before the flow is loaded holds for its run", async () => {
  const directory = flowDirectory({
    "package.json": '{"type":"module"}',
    "flow.ts": `${IMPORTS} const one = task("one", () => console.log("ran")); export default flow("f", async () => await one());`,
  });
  const runner = new RunnerOfTest();
  runner.send({ kind: "order", order: { kind: "pause" } });
  runner.start(directory);
  expect(await runner.rested()).toEqual({ kind: "done", outcome: "paused" });
  expect(runner.stdout).toBe("");
});

test("what a flow says about a lost lease is told once it is loaded, and nothing when it says nothing", async () => {
  const says = begin('export default flow("f", { onLeaseLost: "continue" }, () => 1);');
  const silent = begin('export default flow("f", () => 1);');
  await Promise.all([says.finished(), silent.finished()]);
  expect(says.messages[1]).toEqual({ kind: "loaded", onLeaseLost: "continue" });
  expect(silent.messages[1]).toEqual({ kind: "loaded" });
});

test("an agent may have tasks run in threads", async () => {
  const text = `
    import { isMainThread } from "node:worker_threads";
    const where = task("where", () => isMainThread);
    export default flow("f", async () => { run.log.info("main %s", await where()); });`;
  const runner = begin(text, { executor: "threads" });
  expect(await runner.finished()).toMatchObject({ state: "Success" });
  expect(runner.events).toContainEqual(expect.objectContaining({ kind: "log", text: "main false" }));
});

const ALL: QuestionKind[] = ["slots", "cached", "start", "outcome", "kvGet", "kvSet", "kvDelete"];

test("the key-value store is asked by way of the runner; who was slower gets an error of its own class", async () => {
  const runner = begin(
    `
    const move = task("move", async () => {
      const { version } = await kv.entry("cursor");
      await kv.set("cursor", 2, { expectedVersion: version });
    });
    export default flow("f", async () => {
      const kind = await move().catch((error) => error instanceof KvConflictError && error.message);
      run.log.info(kind);
      return await kv.delete("cursor");
    });`,
    { questions: ALL },
  );
  await runner.until(({ asked }) => asked.length === 1);
  expect(runner.asked[0]).toEqual({ kind: "ask", id: 1, ask: "kvGet", key: "cursor" });
  runner.send({ kind: "answer", id: 1, answer: { version: 4, value: 1 } });
  await runner.until(({ asked }) => asked.length === 2);
  const written = { key: "cursor", value: 2, expectedVersion: 4, number: 1 };
  expect(runner.asked[1]).toEqual({ kind: "ask", id: 2, ask: "kvSet", ...written });
  runner.send({ kind: "answer", id: 2, refusal: { code: "CONFLICT", message: "somebody was faster" } });
  await runner.until(({ asked }) => asked.length === 3);
  expect(runner.asked[2]).toEqual({ kind: "ask", id: 3, ask: "kvDelete", key: "cursor" });
  runner.send({ kind: "answer", id: 3, answer: { deleted: true } });
  expect(await runner.finished()).toMatchObject({ state: "Success" });
  expect(runner.events).toContainEqual(expect.objectContaining({ kind: "log", text: "somebody was faster" }));
});

test("a runner that does not say that it knows the key-value store is not asked: it would end the run", async () => {
  const runner = begin('export default flow("f", async () => await kv.get("cursor"));');
  const message = expect.stringContaining("is older than its @weir/sdk") as string;
  expect(await runner.finished()).toMatchObject({ state: "Failed", failure: { message } });
  expect(runner.asked).toEqual([]);
});
