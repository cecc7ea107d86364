import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnownTaskRun } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { RunnerOfTest } from "../testing/child-process.ts";
import { flowDirectory } from "../testing/flow-directory.ts";

const IMPORTS = 'import { flow, run, secret, settle, task } from "@weir/sdk";\n';

/** Runs a flow file of this text in a process of its own, to its end. */
async function runText(text: string, over: Parameters<RunnerOfTest["start"]>[1] = {}) {
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "flow.ts": IMPORTS + text });
  const runner = new RunnerOfTest().start(directory, over);
  const last = await runner.finished();
  return { runner, last, directory };
}

function resultsDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "weir results "));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test("greets, waits for the start, runs the flow, says that it is done and ends by itself", async () => {
  const text = `
    import { createServer } from "node:net";
    const hello = task("hello", async (name: string) => { console.log("out", name); console.error("err"); return name; });
    export default flow("f", async ({ name }: { name: string }) => {
      createServer().listen(0); // would keep the process
      run.log.info("in %s, %s", process.cwd(), process.env.DECLARED);
      return await hello(name);
    });`;
  const { runner, last, directory } = await runText(text, { parameters: { name: "weir" }, env: { DECLARED: "yes" } });
  expect(runner.messages[0]).toEqual({ kind: "ready", sdkVersion: "0.1.0" });
  expect(last).toMatchObject({ kind: "flow", state: "Success" });
  expect(
    runner.events.map((event) => (event.kind === "task" || event.kind === "flow" ? event.state : event.kind)),
  ).toEqual(["Running", "log", "task-run", "Running", "Success", "Success"]);
  expect(runner.events[1]).toMatchObject({ text: `in ${directory}, yes` });
  expect(runner.messages.at(-1)).toEqual({ kind: "done", outcome: "finished" });
  expect([runner.stdout, runner.stderr]).toEqual(["out weir\n", "err\n"]);
});

test("results go to the directory that the start names; the next attempt reads them", async () => {
  const results = resultsDirectory();
  const text = `
    const load = task("load", () => { console.log("loading"); return new Map([["a", 1n]]); });
    const size = task("size", (map: Map<string, bigint>) => map.size);
    export const f = flow("f", async () => await size(load()));`;
  const first = await runText(text, { resultsDirectory: results });
  expect(readdirSync(join(results, "f", "run-1"))).toHaveLength(2);
  const success = first.runner.events.find((event) => event.kind === "task" && event.state === "Success");
  const location = success?.kind === "task" ? success.location : undefined;
  const known: KnownTaskRun[] = [
    { number: 1, task: "load", ordinal: 0, state: "Success", tryNumber: 1, location: location ?? "" },
  ];
  const second = await runText(text, { resultsDirectory: results, known, attempt: 2 });
  expect(second.last).toMatchObject({ state: "Success" });
  expect(second.runner.stdout).toBe("");
});

test("parameters that do not fit end the run before the flow's code runs", async () => {
  const text = `
    import { z } from "zod";
    export default flow("f", { parameters: z.object({ top: z.number() }) }, () => console.log("ran"));`;
  const { runner, last } = await runText(text, { parameters: { top: "x" } });
  expect(last).toMatchObject({ state: "ValidationFailed", failure: { code: "PARAMETERS_INVALID" } });
  expect(runner.stdout).toBe("");
});

test.each<[string, Record<string, string>, string]>([
  ["there is no such file", {}, "There is no file"],
  [
    "it throws",
    { "flow.ts": 'const a = 1;\nthrow new TypeError("no database");' },
    "TypeError: no database (DIRECTORY/flow.ts:2:7)",
  ],
  ["its syntax is wrong", { "flow.ts": "const = 1;" }, "does not load. SyntaxError"],
  ["it imports what is not there", { "flow.ts": 'import "./gone.ts";' }, "Cannot find module"],
  ["it exports no flow", { "flow.ts": "export const x = 1;" }, "exports no flow. Export what flow(…) gives back"],
  [
    "it exports another flow",
    { "flow.ts": `${IMPORTS} export default flow("g", () => 1);` },
    'exports no flow named "f", but "g"',
  ],
  [
    "it exports two of that name",
    { "flow.ts": `${IMPORTS} export const a = flow("f", () => 1); export const b = flow("f", () => 2);` },
    'exports two flows named "f"',
  ],
])("a flow file that cannot be used fails the run with a sentence: %s", async (_why, files, sentence) => {
  const directory = flowDirectory({ "package.json": '{"type":"module"}', ...files });
  const last = await new RunnerOfTest().start(directory).finished();
  expect(last).toMatchObject({ kind: "flow", state: "Failed", failure: { code: "FLOW_NOT_LOADED" } });
  const message = last?.kind === "flow" ? (last.failure?.message ?? "") : "";
  expect(message).toContain(sentence.replace("DIRECTORY", directory));
  expect(message).not.toContain("    at ");
});

test("a directory that is not there, and an entry that leads out of it, are told", async () => {
  const [gone, outside] = [new RunnerOfTest(), new RunnerOfTest()];
  gone.start("/nowhere/at/all");
  outside.start(tmpdir(), { entry: "../etc/flow.ts" });
  expect(await gone.finished()).toMatchObject({
    failure: { message: expect.stringContaining("/nowhere/at/all cannot be entered") as string },
  });
  expect(await outside.finished()).toMatchObject({
    failure: { message: expect.stringContaining("is not below the flow's directory") as string },
  });
});

test("what is thrown where nobody can catch it fails the flow with that failure, at once", async () => {
  const inTimer = `
    const slow = task("slow", () => new Promise(() => setTimeout(() => { throw new RangeError("in a timer"); }, 20)));
    export default flow("f", async () => await slow());`;
  const rejected = `
    export default flow("f", async () => { Promise.reject(new TypeError("nobody awaits")); await new Promise(() => {}); });`;
  const [timer, rejection] = await Promise.all([runText(inTimer), runText(rejected)]);
  expect(timer.last).toMatchObject({ state: "Failed", failure: { name: "RangeError", message: "in a timer" } });
  expect(timer.runner.events.at(-2)).toMatchObject({ kind: "task", state: "Cancelled" });
  expect(rejection.last).toMatchObject({ state: "Failed", failure: { name: "TypeError", message: "nobody awaits" } });
});

test("thrown while the file is loaded, beside the import, it is told too", async () => {
  const { last } = await runText(
    'setTimeout(() => { throw new Error("early"); }, 1); await new Promise(() => setTimeout(() => {}, 1e6));',
  );
  expect(last).toMatchObject({ state: "Failed", failure: { message: "early" } });
});

test("a result that cannot be written names task and place", async () => {
  const text = `
    const odd = task("odd", () => ({ rows: [{ at: () => 1 }] }));
    export default flow("f", async () => await odd());`;
  const { last } = await runText(text, { resultsDirectory: resultsDirectory() });
  expect(last).toMatchObject({
    state: "Failed",
    failure: {
      code: "RESULT_NOT_SERIALIZABLE",
      message: expect.stringMatching(/"odd".*value\.rows\[0\]\.at is a function/) as string,
    },
  });
});

test("cancel aborts the signals, and the process ends before its grace is over", async () => {
  const text = `
    const polite = task("polite", async () => { await new Promise((ok) => run.signal.addEventListener("abort", ok)); throw run.signal.reason; });
    const deaf = task("deaf", () => new Promise(() => setInterval(() => {}, 1e6)));
    export default flow("f", async ({ both }: { both: boolean }) => { if (both) void deaf(); await polite(); });`;
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "flow.ts": IMPORTS + text });
  const runners = [false, true].map((both) => new RunnerOfTest().start(directory, { parameters: { both } }));
  for (const runner of runners) {
    await runner.until(({ events }) => events.some((event) => event.kind === "task" && event.state === "Running"));
    runner.send({ kind: "cancel", graceMs: 400 });
    expect(await runner.finished()).toMatchObject({ kind: "flow", state: "Cancelled" });
  }
});

test("cancelled before it is loaded, nothing of the flow runs", async () => {
  const directory = flowDirectory({
    "package.json": '{"type":"module"}',
    "flow.ts": `${IMPORTS} export default flow("f", () => console.log("ran"));`,
  });
  const runner = new RunnerOfTest();
  runner.send({ kind: "cancel", graceMs: 5_000 });
  runner.start(directory);
  expect(await runner.finished()).toMatchObject({ state: "Cancelled" });
  expect(runner.stdout).toBe("");
});

test("when the agent is gone the process ends at once", async () => {
  const directory = flowDirectory({
    "package.json": '{"type":"module"}',
    "flow.ts": `${IMPORTS} export default flow("f", () => new Promise(() => setInterval(() => {}, 1e6)));`,
  });
  const [waiting, working] = [new RunnerOfTest(), new RunnerOfTest().start(directory)];
  await waiting.until(({ messages }) => messages.length > 0);
  await working.until(({ events }) => events.length > 0);
  waiting.hangUp();
  working.hangUp();
  expect(await Promise.all([waiting.exit(), working.exit()])).toEqual([1, 1]);
});

test("a task that ends the process: what came before it is told", async () => {
  const text = 'const end = task("end", () => process.exit(3)); export default flow("f", async () => await end());';
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "flow.ts": IMPORTS + text });
  const runner = new RunnerOfTest().start(directory);
  expect(await runner.exit()).toBe(3);
  await runner.until(({ events }) => events.length > 0);
  expect(runner.events.at(-1)).toMatchObject({ kind: "task", state: "Running" });
});

test("secrets are told to the runner before anything that may hold them", async () => {
  const text = `
    export default flow("f", async () => { run.log.info("before"); run.log.info(await secret("TOKEN")); });`;
  const { runner } = await runText(text, { env: { TOKEN: "s3cret" } });
  const told = runner.messages.findIndex((message) => message.kind === "secrets");
  const used = runner.messages.findIndex((message) => JSON.stringify(message).includes('"text":"s3cret"'));
  expect(runner.messages[told]).toEqual({ kind: "secrets", values: ["s3cret"] });
  expect(told).toBeLessThan(used);
});

/** What the runner was told of what the code asks of the gate, and where among the events. */
async function boundaries(text: string) {
  const { runner, last } = await runText(text);
  const first = (test: (message: (typeof runner.messages)[number]) => boolean) => runner.messages.findIndex(test);
  return {
    last,
    loaded: runner.messages.flatMap((message) => (message.kind === "loaded" ? [message.boundary] : [])),
    lastLoaded: runner.messages.findLastIndex(({ kind }) => kind === "loaded"),
    said: (text: string) => first((message) => JSON.stringify(message).includes(text)),
  };
}

test("what a flow asks of the gate is told before any of its events", async () => {
  const text = `export default flow("f", { boundary: { log: "drop" } }, () => run.log.info("quiet"));`;
  const { loaded, lastLoaded, said } = await boundaries(text);
  expect(loaded).toEqual([{ log: "drop" }]);
  expect(lastLoaded).toBeLessThan(said("quiet"));
});

test("a flow that is called inside another one brings along what it asks of the gate", async () => {
  const text = `
    const inner = flow("inner", { boundary: { exception: "id-only" } }, () => run.log.info("inside"));
    export const f = flow("f", async () => { await inner(); });`;
  const { loaded, lastLoaded, said, last } = await boundaries(text);
  expect(loaded).toEqual([undefined, { exception: "id-only" }]);
  expect(lastLoaded).toBeLessThan(said("inside"));
  expect(last).toMatchObject({ state: "Success" });
});

test("so does a flow that a task calls, whose lines are the run's too", async () => {
  const text = `
    const inner = flow("inner", { boundary: { log: "drop" } }, () => 1);
    const call = task("call", async () => await inner());
    const tell = task("tell", async () => (await inner.run()).state);
    export const f = flow("f", async () => { await call(); await tell(); });`;
  expect((await boundaries(text)).loaded).toEqual([undefined, { log: "drop" }, { log: "drop" }]);
});

test("while the runner says stop nothing is started and nothing sent; then all comes, in order", async () => {
  const text = `
    const one = task("one", (n: number) => { if (n === 0) console.log("started"); return n; });
    setTimeout(() => console.log("a while later"), 100);
    export default flow("f", async () => { for (let n = 0; n < 2000; n += 1) await one(n); });`;
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "flow.ts": IMPORTS + text });
  const runner = new RunnerOfTest();
  await runner.until(({ messages }) => messages.length === 1);
  runner.send({ kind: "pressure", flow: "stop" });
  runner.start(directory);
  await runner.until(({ stdout }) => stdout === "a while later\n");
  expect(runner.messages.map(({ kind }) => kind)).toEqual(["ready", "loaded"]);
  runner.send({ kind: "pressure", flow: "go" });
  expect(await runner.finished()).toMatchObject({ state: "Success" });
  expect(runner.events).toHaveLength(6_002);
});

test("a runner that does not read holds the flow back; nothing is lost", async () => {
  const text = `
    let started = 0;
    const one = task("one", (n: number) => { started += 1; return n; });
    setTimeout(() => console.log(started < 20000 ? "held back" : "ran away"), 300);
    export default flow("f", async () => { await one.map(Array.from({ length: 20000 }, (_, n) => n)); });`;
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "flow.ts": IMPORTS + text });
  const runner = new RunnerOfTest();
  await runner.until(({ messages }) => messages.length === 1);
  runner.stopReading();
  runner.start(directory);
  await runner.until(({ stdout }) => stdout !== "");
  expect(runner.stdout).toBe("held back\n");
  runner.readOn();
  expect(await runner.finished()).toMatchObject({ state: "Success" });
  expect(runner.events).toHaveLength(60_004);
});
