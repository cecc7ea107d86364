import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LocalRun } from "./prepare-run.ts";
import type { ClaimedRun, LocalStorage } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import type { RunnerConfig } from "./config.ts";
import { kinshipOf } from "./kept-children.ts";
import { eventually, isAlive } from "./testing/eventually.ts";
import { refusal } from "./testing/fake-cloud.ts";
import { setStage, type Stage } from "./testing/stage.ts";

// Children that serve one run after the other. The fake child tells its pid, and stays although nobody checks whether it may.

const pidIn = (lines: readonly string[]): number => Number(/pid (\d+)/.exec(lines.join())?.[1]);

/** Runs one that stays, to its end. */
async function stay(stage: Stage, wishes: object = {}, claimed: Partial<ClaimedRun> = {}) {
  const { handle, run } = stage.begin({ behave: "stay", ...wishes }, claimed);
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  return { handle, run, pid: pidIn(run.lines()) };
}

test("a child that has finished a run serves the next one of the same flow, and each run has its own lines only", async () => {
  const stage = await setStage();
  const [first, second, third] = [await stay(stage), await stay(stage), await stay(stage)];
  expect(new Set([first.pid, second.pid, third.pid]).size).toBe(1);
  for (const { run } of [first, second, third]) {
    expect(run.lines()).toHaveLength(1);
    for (const line of run.lines("stdout"))
      expect(line).toBe(`out of ${[...stage.cloud.runs].find(([, r]) => r === run)?.[0]}`);
  }
});

test("nothing of the runs that are over goes on listening to the child", async () => {
  const stage = await setStage();
  const warnings: Error[] = [];
  const hear = (warning: Error): void => void warnings.push(warning);
  process.on("warning", hear);
  onTestFinished(() => void process.off("warning", hear));
  const pids = new Set<number>();
  for (let n = 0; n < 12; n += 1) pids.add((await stay(stage)).pid);
  await new Promise((turn) => setImmediate(turn));
  expect(pids.size).toBe(1);
  // Node warns of the eleventh listener of one kind.
  expect(warnings).toEqual([]);
});

test.each<[string, Partial<ClaimedRun>]>([
  ["of another flow", { flow: "other" }],
  ["of another version", { flowVersion: 2 }],
  ["of another project", { project: "other" }],
])("a run %s gets a process of its own", async (_what, claimed) => {
  const stage = await setStage();
  const [first, second] = [await stay(stage), await stay(stage, {}, claimed)];
  expect(second.pid).not.toBe(first.pid);
});

test("kin are those of one flow, code and SDK", () => {
  const storage = { directory: "/f", entry: "flow.ts", codeDigest: "a" } as LocalStorage;
  const claimed = { project: "p", flow: "f", flowVersion: 1, storage } as LocalRun;
  const same = kinshipOf(claimed, "sdk 1");
  expect(kinshipOf({ ...claimed, runId: "other", parameters: { a: 1 } }, "sdk 1")).toBe(same);
  const others = [
    kinshipOf(claimed, "sdk 2"),
    ...[{ codeDigest: "b" }, { directory: "/g" }, { entry: "g.ts" }].map((other) =>
      kinshipOf({ ...claimed, storage: { ...storage, ...other } }, "sdk 1"),
    ),
  ];
  for (const other of others) expect(other).not.toBe(same);
});

test("two runs at the same time have two processes", async () => {
  const stage = await setStage();
  const kept = await stay(stage);
  const { handle, run } = stage.begin({ behave: "wait" });
  await eventually("it runs in the process that was kept", () => pidIn(run.lines()) === kept.pid);
  const second = await stay(stage);
  expect(second.pid).not.toBe(kept.pid);
  await handle.release("shutdown");
});

test.each(["print", "emit", "end"])(
  "a child that does something between two runs (%s) gets no other run",
  async (stray) => {
    const stage = await setStage();
    const first = await stay(stage, { stray });
    await eventually("it is gone", () => !isAlive(first.pid));
    const second = await stay(stage);
    expect(second.pid).not.toBe(first.pid);
    expect([...second.run.lines(), ...second.run.lines("stdout")].join()).not.toContain("stray");
  },
);

test("a child that ends in the moment in which it is given another run costs that run nothing but a new process", async () => {
  const stage = await setStage();
  const first = await stay(stage, { stray: "die" });
  const { handle, run } = stage.begin({ behave: "ask", hears: 1 });
  handle.order({ kind: "pause" });
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  expect(run.lines()).toEqual([JSON.stringify({ kind: "order", order: { kind: "pause" } })]);
  expect(isAlive(first.pid)).toBe(false);
});

test("a child that offers to stay after anything but a success is killed", async () => {
  const stage = await setStage({ graceMs: 60_000 });
  const failed = stage.begin({ behave: "fail-and-stay" });
  expect(await failed.handle.done).toEqual({ kind: "finished", state: "Failed" });
  expect(isAlive(pidIn(failed.run.lines()))).toBe(false);
});

test("with reuse off, each run has a process of its own", async () => {
  const stage = await setStage({ childReuse: "off" });
  const [first, second] = [await stay(stage), await stay(stage)];
  expect(second.pid).not.toBe(first.pid);
  expect(isAlive(first.pid)).toBe(false);
});

test("a child serves so many runs, lives so long and is idle so long, and no longer", async () => {
  const byRuns = await setStage({ childRuns: 2 });
  const pids = [await stay(byRuns), await stay(byRuns), await stay(byRuns)].map(({ pid }) => pid);
  expect([pids[0] === pids[1], pids[1] === pids[2]]).toEqual([true, false]);
  const byAge = await setStage({ childAgeMs: 1 });
  expect((await stay(byAge)).pid).not.toBe((await stay(byAge)).pid);
  const byIdleness = await setStage({ childIdleMs: 30 });
  const { pid } = await stay(byIdleness);
  await eventually("the idle child is gone", () => !isAlive(pid));
});

test("what becomes of a run that is over does not reach the process that serves another one by now", async () => {
  const stage = await setStage();
  const { cloud } = stage;
  cloud.objection = ({ events }) =>
    JSON.stringify(events).includes("Success") ? refusal("OVERLOADED", "Not now.") : null;
  const first = stage.begin({ behave: "stay" });
  await eventually("its end is not taken", () => stage.told.some(({ message }) => message.includes("not accepted")));
  await new Promise((later) => setTimeout(later, 100));
  const second = stage.begin({ behave: "wait" });
  await eventually("the other one runs", () => second.run.lines().length > 0);
  // The cloud has given the first to somebody else: its runner stops whatever process it has.
  first.run.attempt = 2;
  cloud.objection = null;
  expect(await first.handle.done).toMatchObject({ kind: "fenced" });
  first.handle.order({ kind: "cancel" });
  await first.handle.release("drain");
  await new Promise((later) => setTimeout(later, 400));
  expect(isAlive(pidIn(second.run.lines()))).toBe(true);
  second.handle.order({ kind: "cancel" });
  expect(await second.handle.done).toEqual({ kind: "finished", state: "Cancelled" });
});

test("no more than 8 children are kept idle", async () => {
  const stage = await setStage();
  const pids = (await Promise.all(Array.from({ length: 10 }, () => stay(stage)))).map(({ pid }) => pid);
  expect(new Set(pids).size).toBe(10);
  await eventually("two of them are gone", () => pids.filter(isAlive).length === 8);
});

test("idle children end with their host", async () => {
  const stage = await setStage();
  const { pid } = await stay(stage);
  expect(isAlive(pid)).toBe(true);
  await stage.host.close();
  expect(isAlive(pid)).toBe(false);
});

/** The flow of `testing/real-staying-flow.ts`, as it would be registered. */
function stayingFlow(): { flow: string; storage: LocalStorage } {
  const directory = fileURLToPath(new URL("testing", import.meta.url));
  const path = "real-staying-flow.ts";
  const sha256 = createHash("sha256")
    .update(readFileSync(join(directory, path)))
    .digest("hex");
  const codeDigest = createHash("sha256").update(`${sha256}  ${path}\n`).digest("hex");
  return { flow: "staying", storage: { kind: "local", directory, entry: path, codeDigest, files: [{ path, sha256 }] } };
}

test("on the real SDK: runs one after the other in one process, each with its own states, lines and output", async () => {
  const stage = await setStage();
  const pids = new Set<number>();
  for (let n = 1; n <= 5; n += 1) {
    const { handle, run } = stage.begin({ n }, stayingFlow());
    expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
    expect(run.lines()[0]).toBe(`run ${n}`);
    expect(run.lines("stdout")).toEqual([`printed in ${n}`]);
    expect(run.events.filter((event) => event.kind === "task" && event.state === "Success")).toHaveLength(3);
    pids.add(pidIn(run.lines()));
  }
  expect(pids.size).toBe(1);
});

test.each<[string, Partial<RunnerConfig>]>([
  ["its host closes", {}],
  ["it was idle for long enough", { childIdleMs: 20 }],
  ["it has served enough runs", { childRuns: 1 }],
])("a process that stayed does what its code does at its end when %s", async (_when, config) => {
  const stage = await setStage({ ...config, graceMs: 20_000 });
  const endFile = join(stage.dataDirectory, "ends");
  const { handle, run } = stage.begin({ n: 1, endFile }, stayingFlow());
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
  const pid = pidIn(run.lines());
  if (config.childIdleMs === undefined && config.childRuns === undefined) await stage.host.close();
  await eventually("it has ended", () => !isAlive(pid));
  expect(readFileSync(endFile, "utf8")).toBe(`end of ${pid}\n`);
});
