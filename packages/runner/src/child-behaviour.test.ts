import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Failure, isTerminal } from "@weir/protocol";
import { expect, test } from "vitest";
import { eventually, isAlive } from "./testing/eventually.ts";
import type { CloudRun } from "./testing/fake-cloud.ts";
import { setStage } from "./testing/stage.ts";

/** The failure of a flow's last state; every run must end with exactly one terminal state, and nothing behind it. */
function failureOf(run: CloudRun): Failure | undefined {
  const ends = run.events.filter((event) => event.kind === "flow" && isTerminal(event.state));
  expect(ends).toHaveLength(1);
  const last = run.events.at(-1);
  expect(last).toBe(ends[0]);
  return last?.kind === "flow" ? last.failure : undefined;
}

test("a run's events reach the cloud once and in order", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "succeed", tasks: 30 });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(run.events[0]).toMatchObject({ kind: "flow", state: "Running" });
  expect(run.events).toHaveLength(2 + 30 * 3);
  const numbers = run.events.flatMap((event) => (event.kind === "task-run" ? [event.number] : []));
  expect(numbers).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  expect(failureOf(run)).toBeUndefined();
});

test("process.exit(0) before the flow is over is a crash", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "exit-0" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Crashed" });
  expect(failureOf(run)).toMatchObject({
    code: "PROCESS_EXITED",
    message: expect.stringContaining("exit code 0") as string,
  });
});

test("a throw outside of every promise is a crash that says what was thrown", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "throw" });
  await handle.done;
  const failure = failureOf(run);
  expect(failure?.code).toBe("PROCESS_EXITED");
  expect(failure?.message).toContain("exit code 1");
  expect(failure?.message).toContain("TypeError: boom outside of every promise");
  expect(run.lines("stderr").join("\n")).toContain("boom outside of every promise");
});

test("a process that runs out of memory is told apart from other crashes", async () => {
  const { begin } = await setStage({ childExecArgv: ["--max-old-space-size=20"] });
  const { handle, run } = begin({ behave: "memory" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Crashed" });
  expect(failureOf(run)).toMatchObject({ code: "OUT_OF_MEMORY" });
});

test("a process that is killed from outside is told with its signal", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "grandchild" });
  await eventually("the grandchild is there", () => run.lines().length > 0);
  const grandchild = Number(run.lines()[0]?.split(" ")[1]);
  process.kill(-groupOf(grandchild), "SIGKILL");
  await handle.done;
  expect(failureOf(run)).toMatchObject({
    code: "PROCESS_KILLED",
    message: expect.stringContaining("SIGKILL") as string,
  });
});

test("a grandchild does not outlive its flow's process", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "grandchild" });
  await eventually("the grandchild is there", () => run.lines().length > 0);
  const grandchild = Number(run.lines()[0]?.split(" ")[1]);
  handle.order({ kind: "cancel" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Cancelled" });
  await eventually("the grandchild is gone", () => !isAlive(grandchild));
});

test("a process that ignores SIGTERM is killed when the grace is over, and the lease is given back", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "ignore-sigterm" });
  await eventually("it runs", () => run.state === "Running");
  await handle.release("drain");
  expect(await handle.done).toEqual({ kind: "released", reason: "drain" });
  expect(run.released).toEqual({ attempt: 1, reason: "drain" });
  expect(run.over).toBe(false);
});

test("a process that blocks its event loop for longer than the lease keeps its run", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "block", ms: 1_500 }, { leaseSeconds: 0.6, reportSeconds: 0.1 });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(run.reports.filter((report) => report.events === 0).length).toBeGreaterThan(4);
});

test("100 MB on stdout: the first lines are kept, the rest is counted, states and memory are not touched by it", async () => {
  const outputBytes = 1024 * 1024;
  const { begin } = await setStage({ outputBytes });
  const before = process.memoryUsage().rss;
  const { handle, run } = begin({ behave: "flood", bytes: 100 * 1024 * 1024 });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const kept = run.lines("stdout").length;
  expect(kept).toBeGreaterThanOrEqual(1_024);
  expect(kept).toBeLessThan(1_024 + 200);
  const [told] = run.lines("weir");
  const dropped = Number(/^(\d+) lines of stdout and stderr dropped/.exec(told ?? "")?.[1]);
  // The line in which the budget ended may count on both sides.
  expect(kept + dropped).toBeGreaterThanOrEqual(100 * 1024);
  expect(kept + dropped).toBeLessThanOrEqual(100 * 1024 + 1);
  expect(run.lines()).toEqual(["after the flood"]);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
});

test("output that was written before the end is kept, also a line without an end", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "last-line" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(run.lines("stdout")).toEqual(["first line", "last line without an end"]);
  expect(run.lines("stderr")).toEqual(["a warning"]);
  expect(failureOf(run)).toBeUndefined();
});

test("nothing is appended behind a terminal state", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "after-the-end" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(failureOf(run)).toBeUndefined();
  // What was written to stdout in the same moment may stand before the last word, but never behind it.
  expect(run.events.filter((event) => event.kind !== "log")).toHaveLength(2);
  expect(run.lines()).toEqual([]);
});

for (const [behave, says] of [
  ["garbage", "a line is no JSON"],
  ["bad-event", "event 1 of a batch (task): /state"],
  ["foreign-state", "the state Scheduled is not for a flow's process to report"],
  ["endless-line", "a message is longer than 2097152 bytes"],
] as const) {
  test(`a child that speaks badly is stopped: ${behave}`, async () => {
    const { begin } = await setStage();
    const { handle, run } = begin({ behave });
    expect(await handle.done).toEqual({ kind: "finished", state: "Crashed" });
    expect(failureOf(run)).toMatchObject({ code: "IPC_INVALID", message: expect.stringContaining(says) as string });
  });
}

test("a child that stays although its flow is over is killed after the grace", async () => {
  const { begin } = await setStage();
  const { handle } = begin({ behave: "linger" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
});

test("a child that waits gives its lease back until it is due again", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "waiting", ms: 60_000 });
  expect(await handle.done).toEqual({ kind: "released", reason: "retry-later" });
  expect(run.released?.dueInMs).toBeGreaterThan(30_000);
  expect(run.released?.dueInMs).toBeLessThanOrEqual(60_000);
});

test("a child that is paused gives its lease back, with everything told before", async () => {
  const { begin, dataDirectory } = await setStage({ graceMs: 20_000 });
  const leaveFile = join(dataDirectory, "left");
  const { handle, run } = begin({ behave: "paused", leaveFile });
  expect(await handle.done).toEqual({ kind: "released", reason: "paused" });
  // Nobody told it to end.
  expect(existsSync(leaveFile)).toBe(true);
  expect(run.released).toEqual({ attempt: 1, reason: "paused" });
  expect(run.events.map((event) => event.kind)).toEqual(["flow"]);
});

test("a paused child whose process stays is killed after the grace", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "paused-and-lingers" });
  expect(await handle.done).toEqual({ kind: "released", reason: "paused" });
  expect(run.over).toBe(false);
});

test("cancel: a child that hears it ends by itself", async () => {
  const { begin } = await setStage({ graceMs: 20_000 });
  const { handle, run } = begin({ behave: "wait" });
  await eventually("it runs", () => run.state === "Running");
  run.orders.push({ kind: "cancel" });
  run.leaseSeconds = 0.4;
  handle.order({ kind: "cancel" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Cancelled" });
});

test("cancel: a child that does not hear it is killed, and the runner says so", async () => {
  const { begin } = await setStage();
  const { handle, run } = begin({ behave: "ignore-sigterm" }, { reportSeconds: 0.1, leaseSeconds: 1 });
  await eventually("it runs", () => run.state === "Running");
  // Comes back with the next heartbeat.
  run.orders.push({ kind: "cancel" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Cancelled" });
  const last = run.events.at(-1);
  expect(last?.kind === "flow" && last.message).toContain("did not stop within 0.3 s and was killed");
});

test("a child knows of the agent's environment what is on the list, and of the run what was declared", async () => {
  process.env["WEIR_TEST_SECRET_THING"] = "agent's own";
  process.env["NODE_OPTIONS"] = "--no-warnings";
  const { begin, flow } = await setStage({ resultsDirectory: "/results" }, { environment: { REGION: "eu" } });
  const { handle, run, claimed } = begin({ behave: "environment" });
  await handle.done;
  delete process.env["WEIR_TEST_SECRET_THING"];
  delete process.env["NODE_OPTIONS"];
  const told = JSON.parse(run.lines()[0] ?? "") as { process: string[]; start: object };
  // NODE_COMPILE_CACHE is the runner's own: a directory of the agent, not of its environment.
  const allowed = /^(PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|USER|NODE_COMPILE_CACHE)$/;
  expect(told.process.filter((name) => !allowed.test(name))).toEqual([]);
  expect(told.start).toMatchObject({
    runId: claimed.runId,
    directory: flow.directory,
    entry: "flow.ts",
    resultsDirectory: "/results",
    env: { REGION: "eu" },
  });
  expect(JSON.stringify(told)).not.toContain(claimed.runToken);
});

test("what a child calls a secret is struck out, and so is what its environment holds", async () => {
  const { begin } = await setStage({}, { environment: { REGION_TOKEN: "declared-secret" } });
  const told = begin({ behave: "secrets" });
  await told.handle.done;
  expect(told.run.lines()).toEqual(["the secret is [redacted]"]);
  const declared = begin({ behave: "environment" });
  await declared.handle.done;
  expect(declared.run.lines()[0]).not.toContain("declared-secret");
});

/** The process group of a process, as the kernel tells it. */
function groupOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
}
