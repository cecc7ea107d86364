import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ToChild } from "@weir/protocol";
import { expect, test } from "vitest";
import { RunnerOfTest } from "../testing/child-process.ts";
import { flowDirectory } from "../testing/flow-directory.ts";

// A process that may serve one run after the other. Each test names what would be wrong in the second run.

const IMPORTS = 'import { flow, run, task } from "@weir/sdk";\n';

/** A flow of this body, in a process that may stay. `again` runs it to its end, the first time with `{ first: true }`. */
function staying(body: string, module = "") {
  const text = `${IMPORTS}${module}\nexport default flow("f", async ({ first }: { first: boolean }) => { ${body} });`;
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "flow.ts": text });
  const runner = new RunnerOfTest();
  const again = async (parameters: object = {}, ...together: ToChild[]): Promise<void> => {
    const before = runner.ends.length;
    const runId = `run-${before + 1}`;
    runner.start(directory, { runId, mayStay: true, parameters: { first: before === 0, ...parameters } }, ...together);
    await runner.until(({ ends }) => ends.length > before);
  };
  return { runner, again };
}

/** The same, run once. */
async function once(body: string, module = "") {
  const made = staying(body, module);
  await made.again();
  return made;
}

test("a run that succeeded and left nothing behind is followed by another one in the same process", async () => {
  const { runner, again } = await once(
    'console.log("out", run.flowRunId); run.log.info(await work(run.flowRunId));',
    'const work = task("work", async (id: string) => { await new Promise((ok) => setTimeout(ok, 5)); return `in ${id}`; });',
  );
  expect(runner.ends).toEqual([{ kind: "done", outcome: "finished", stays: true }]);
  await again();
  await again();
  expect(runner.ends).toHaveLength(3);
  expect(runner.process.exitCode).toBe(null);
  expect(runner.lines).toEqual(["in run-1", "in run-2", "in run-3"]);
  expect(runner.stdout).toBe("out run-1\nout run-2\nout run-3\n");
  runner.hangUp();
  expect(await runner.exit()).toBe(0);
});

test("what the runner has yet to take of the run's own events is nothing that it left behind", async () => {
  // One batch of 720 kB, more than the socket takes of it at once.
  const { runner, again } = staying(
    'for (let n = 0; n < 11; n += 1) run.log.info("€".repeat(21_000)); console.log("said");',
  );
  await runner.until(({ messages }) => messages.length === 1);
  runner.stopReading();
  const first = again();
  await runner.until(({ stdout }) => stdout === "said\n");
  // It would take its leave about now.
  await new Promise((later) => setTimeout(later, 100));
  runner.readOn();
  await first;
  expect(runner.ends).toMatchObject([{ stays: true }]);
  expect(runner.lines).toHaveLength(11);
});

test.each([
  ["it failed", 'throw new Error("no");', ""],
  ["a timer goes on", "setInterval(() => {}, 1e6);", ""],
  ["a server listens", "createServer().listen(0);", 'import { createServer } from "node:net";'],
  ["a process runs", 'spawn("sleep", ["100"]);', 'import { spawn } from "node:child_process";'],
  ["it had a process, whatever became of that", 'execSync("true");', 'import { execSync } from "node:child_process";'],
  [
    "a process runs on its own",
    'spawn("sleep", ["3"], { detached: true, stdio: "inherit" }).unref();',
    'import { spawn } from "node:child_process";',
  ],
  [
    "a thread runs",
    'new Worker("setInterval(() => {}, 1e6)", { eval: true });',
    'import { Worker } from "node:worker_threads";',
  ],
  ["it set a variable of the environment", 'process.env.CUSTOMER = "one";', ""],
  ["it made something global", "(globalThis as { customer?: number }).customer = 1;", ""],
  ["it hears a signal of the process", 'process.on("SIGTERM", () => {});', ""],
  [
    "something was thrown beside it",
    'setTimeout(() => { throw new Error("beside"); }); await new Promise((ok) => setTimeout(ok, 50));',
    "",
  ],
  ["it holds much memory", "kept.push(Buffer.alloc(600_000_000, 1));", "const kept: Buffer[] = [];"],
])("the process ends with its run when %s", async (_what, body, module) => {
  const { runner } = await once(body, module);
  expect(runner.ends).toEqual([{ kind: "done", outcome: "finished" }]);
  expect(await runner.exit()).toBe(0);
});

test("where it is not allowed to stay, the process ends", async () => {
  const directory = flowDirectory({
    "package.json": '{"type":"module"}',
    "flow.ts": `${IMPORTS} export default flow("f", () => 1);`,
  });
  const runner = new RunnerOfTest().start(directory);
  expect(await runner.finished()).toMatchObject({ state: "Success" });
  expect(runner.ends).toEqual([{ kind: "done", outcome: "finished" }]);
});

test("what the loading of the file changed is no reason to end: it would change it in every process", async () => {
  const { runner } = await once(
    "run.log.info(String(process.env.MODE));",
    'process.env.MODE = "x"; process.on("SIGHUP", () => {});',
  );
  expect(runner.ends).toMatchObject([{ stays: true }]);
});

/** What a first run leaves: as soon as the gate is there, `late` is called again and again. Nothing shows such a timer. */
function leaving(late: string) {
  const gate = join(flowDirectory({}), "gate");
  const module = `import { existsSync, writeFileSync } from "node:fs";
    const gate = ${JSON.stringify(gate)};
    let isLate = false;
    const late = () => { if (existsSync(gate)) { isLate = true; ${late} } };
    const later = async () => { while (!isLate) await new Promise((ok) => setTimeout(ok, 5)); };`;
  return { module, open: () => writeFileSync(gate, "") };
}

test("what is left of a run and still prints is not heard, neither between two runs nor in the next one", async () => {
  // What it prints would stand in the log of somebody else's run.
  const { module, open } = leaving(
    'process.stdout.write("late out\\n"); console.error("late err"); run.log.info("late log");',
  );
  const { runner, again } = await once(
    `if (first) setInterval(late, 5).unref(); else { isLate = false; await later(); }
    console.log(first ? "first" : "second");`,
    module,
  );
  expect(runner.ends).toMatchObject([{ stays: true }]);
  open();
  await new Promise((later) => setTimeout(later, 100));
  await again();
  await runner.until(({ stdout }) => stdout.includes("second"));
  expect([runner.stdout, runner.stderr, runner.lines]).toEqual(["first\nsecond\n", "", []]);
});

test("what is left of a run and throws in the next one does not fail that one; but it is the last", async () => {
  const { module } = leaving('throw new Error("late");');
  const body = `if (first) setInterval(late, 5).unref(); else { writeFileSync(gate, ""); await later(); }`;
  const { runner, again } = await once(body, module);
  await again();
  expect(runner.ends).toEqual([
    { kind: "done", outcome: "finished", stays: true },
    { kind: "done", outcome: "finished" },
  ]);
  expect(runner.events.at(-1)).toMatchObject({ kind: "flow", state: "Success" });
  expect(await runner.exit()).toBe(0);
});

test("what is left of a run and throws between two runs ends the process", async () => {
  const { module, open } = leaving('throw new Error("late");');
  const { runner } = await once("setInterval(late, 5).unref();", module);
  expect(runner.ends).toMatchObject([{ stays: true }]);
  open();
  expect(await runner.exit()).toBe(1);
});

test("orders and a cancel that were meant for the run that is over do not reach the next one", async () => {
  const { runner, again } = await once("await work();", 'const work = task("work", () => 1);');
  runner.send({ kind: "order", order: { kind: "pause" } }, { kind: "cancel", graceMs: 1_000 });
  await again();
  expect(runner.ends.at(-1)).toEqual({ kind: "done", outcome: "finished", stays: true });
  expect(runner.events.at(-1)).toMatchObject({ kind: "flow", state: "Success" });
});

test("an order that comes together with the start of a later run is that run's", async () => {
  const { runner, again } = await once("await work();", 'const work = task("work", () => 1);');
  await again({}, { kind: "order", order: { kind: "pause" } });
  expect(runner.ends.at(-1)).toEqual({ kind: "done", outcome: "paused" });
  expect(await runner.exit()).toBe(0);
});

test("a cancel in a later run reaches that run", async () => {
  const { runner, again } = await once("if (!first) await new Promise(() => setInterval(() => {}, 1e6));");
  const running = again();
  await runner.until(
    ({ events }) => events.filter((event) => event.kind === "flow" && event.state === "Running").length === 2,
  );
  runner.send({ kind: "cancel", graceMs: 300 });
  await running;
  expect(runner.events.at(-1)).toMatchObject({ kind: "flow", state: "Cancelled" });
  expect(await runner.exit()).toBe(0);
});

// A task of the first run leaves a timer; in the second run it would print into that one's log.
const LEAVES = `let isSecond = false;
const leave = (n: number) => void (n === 0 && setInterval(() => { if (isSecond) console.log("late"); }, 5).unref());
const work = task("work", { tags: ["db"] }, leave);
const plain = task("plain", leave);
const another = async () => { isSecond = true; await new Promise((ok) => setTimeout(ok, 100)); };`;

test("what a task leaves that an order began is known as late, too", async () => {
  const { runner, again } = staying(
    'await work(first ? 0 : 1); if (!first) await another(); console.log("end");',
    LEAVES,
  );
  const [first] = [again(), await runner.until(({ asked }) => asked.length === 1)];
  runner.send({ kind: "answer", id: 1, answer: { granted: false, waitSeconds: 60 } });
  await runner.until((r) => r.isIn("Queued"));
  runner.send({ kind: "order", order: { kind: "slots", numbers: [1] } });
  await first;
  expect(runner.ends).toMatchObject([{ stays: true }]);
  const second = again();
  await runner.until(({ asked }) => asked.length === 2);
  runner.send({ kind: "answer", id: 2, answer: { granted: true, waitSeconds: 0 } });
  await second;
  expect(runner.stdout).toBe("end\nend\n");
});

test("what tasks leave that began when the runner read on is known as late, too", async () => {
  const { runner, again } = staying(
    "if (first) await plain.map(Array.from({ length: 5_000 }, (_, n) => 4_999 - n)); else await another();",
    LEAVES,
  );
  await runner.until(({ messages }) => messages.length === 1);
  runner.stopReading();
  const first = again();
  await new Promise((later) => setTimeout(later, 200));
  runner.readOn();
  await first;
  expect(runner.ends).toMatchObject([{ stays: true }]);
  await again();
  expect(runner.stdout).toBe("");
});
