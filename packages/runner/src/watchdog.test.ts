import { spawn } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";
import { eventually, isAlive } from "./testing/eventually.ts";
import { rememberingLog, type Told } from "./testing/host-defaults.ts";
import { Watchdog } from "./watchdog.ts";

/** A process group of its own that would live for long. */
function sleeper(): number {
  const child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
  const pid = child.pid ?? 0;
  onTestFinished(() => void child.kill("SIGKILL"));
  return pid;
}

test("when the watchdog's pipe ends, every group that is still guarded is killed, and no other", async () => {
  const watchdog = new Watchdog(rememberingLog([]));
  const [first, second, third] = [sleeper(), sleeper(), sleeper()];
  for (const group of [first, second, third]) watchdog.guard(group);
  watchdog.release(second);
  await watchdog.close();
  await eventually("the guarded ones are gone", () => !isAlive(first) && !isAlive(third));
  expect(isAlive(second)).toBe(true);
});

test("a watchdog that was killed is started again, and knows all groups", async () => {
  const told: Told[] = [];
  const watchdog = new Watchdog(rememberingLog(told));
  const group = sleeper();
  watchdog.guard(group);
  const before = watchdog.pid ?? 0;
  process.kill(before, "SIGKILL");
  await eventually("another one is there", () => watchdog.pid !== before && watchdog.pid !== undefined);
  expect(told[0]?.message).toContain("started again");
  await watchdog.close();
  await eventually("the group is gone", () => !isAlive(group));
});

test("signals to the agent's own group do not end the watchdog", async () => {
  const watchdog = new Watchdog(rememberingLog([]));
  const pid = watchdog.pid ?? 0;
  const group = sleeper();
  watchdog.guard(group);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(pid, signal);
  watchdog.guard(group);
  expect(isAlive(pid)).toBe(true);
  await watchdog.close();
  await eventually("the group is gone", () => !isAlive(group));
});
