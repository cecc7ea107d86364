import { utimesSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ChildPool } from "./child-pool.ts";
import { ChildStarter } from "./child-starter.ts";
import { RUNNER_DEFAULTS } from "./config.ts";
import { eventually, isAlive } from "./testing/eventually.ts";
import { makeFlowDirectory } from "./testing/flow-directory.ts";
import { rememberingLog, type Told } from "./testing/host-defaults.ts";
import { setStage } from "./testing/stage.ts";
import { Watchdog } from "./watchdog.ts";

async function filledPool(size: number) {
  const told: Told[] = [];
  const log = rememberingLog(told);
  const flow = await makeFlowDirectory();
  const watchdog = new Watchdog(log);
  const starter = new ChildStarter(RUNNER_DEFAULTS, { dataDirectory: flow.directory, watchdog });
  const pool = new ChildPool({ size, starter, log });
  const entry = join(flow.directory, "node_modules/@weir/sdk/child.js");
  onTestFinished(async () => {
    await pool.close();
    await watchdog.close();
    await flow.remove();
  });
  return { pool, entry, told, starts: vi.spyOn(starter, "start") };
}

test("children are started in advance once an SDK is known, each is used once, and the shelf is filled again", async () => {
  const { pool, entry } = await filledPool(2);
  const cold = pool.take(entry, "/");
  await eventually("two are warm", () => pool.idle.length === 2);
  const before = pool.idle.map((child) => child.pid);
  const first = pool.take(entry, "/");
  const second = pool.take(entry, "/");
  expect([first.pid, second.pid]).toEqual(before);
  await eventually("two are warm again", () => pool.idle.length === 2);
  expect(pool.idle.some((child) => before.includes(child.pid))).toBe(false);
  for (const child of [cold, first, second]) child.kill();
});

test("a warm child that dies is replaced and never handed out", async () => {
  const { pool, entry } = await filledPool(1);
  pool.take(entry, "/").kill();
  await eventually("one is warm", () => pool.idle.length === 1);
  const pid = pool.idle[0]?.pid ?? 0;
  process.kill(-pid, "SIGKILL");
  await eventually("another one is warm", () => pool.idle[0] !== undefined && pool.idle[0].pid !== pid);
});

test("after an update of the SDK its old children are not used", async () => {
  const { pool, entry } = await filledPool(1);
  pool.take(entry, "/").kill();
  await eventually("one is warm", () => pool.idle.length === 1);
  const pid = pool.idle[0]?.pid ?? 0;
  utimesSync(entry, 1, 1);
  const taken = pool.take(entry, "/");
  expect(taken.pid).not.toBe(pid);
  await eventually("the old one is gone", () => !isAlive(pid));
  taken.kill();
});

test("an SDK whose child dies at once is not started over and over", async () => {
  const { pool, entry, told, starts } = await filledPool(1);
  await writeFile(entry, "process.exit(1);\n");
  pool.take(entry, "/");
  await eventually("three have died", () => told.length === 3);
  // A fourth would have been started with the third one's end: the first was for the run.
  expect(starts).toHaveBeenCalledTimes(4);
});

test("close leaves no child behind", async () => {
  const { pool, entry } = await filledPool(2);
  const taken = pool.take(entry, "/");
  await eventually("two are warm", () => pool.idle.length === 2);
  const pids = pool.idle.map((child) => child.pid ?? 0);
  await pool.close();
  expect(pids.some(isAlive)).toBe(false);
  taken.kill();
  await taken.exited;
});

test("runs on warm children are runs like others", async () => {
  const { begin } = await setStage({ warmChildren: 2 });
  for (let i = 0; i < 4; i += 1) {
    const { handle, run } = begin({ behave: "last-line" });
    expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
    expect(run.lines("stdout")).toHaveLength(2);
  }
});
