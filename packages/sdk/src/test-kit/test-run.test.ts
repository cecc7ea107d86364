import { memoryStore, type Store } from "@weir/results";
import { expect, test } from "vitest";
import { z } from "zod";
import { TaskTimeoutError } from "../errors.ts";
import { flow } from "../flow/flow.ts";
import { run } from "../context/run.ts";
import { secret } from "../secret.ts";
import { task } from "../task/task.ts";
import { expectStates, failTask, hangTask, restart, stubTask, testClock, testRun } from "./index.ts";

const load = task("load", { retries: 2, retryDelay: "10m", backoff: 3 }, (day: string): string[] => [day, `${day}!`]);
const size = task("size", (row: string) => row.length);
const total = task("total", (sizes: readonly number[]) => sizes.reduce((sum, n) => sum + n, 0));
const report = flow("report", { parameters: z.object({ day: z.string() }) }, ({ day }) => total(size.map(load(day))));

const RETRIED = ["Pending", "Running", "Retrying", "Running", "Retrying", "Running", "Success"] as const;

test("a flow runs with what it is given, and tells all of it", async () => {
  const result = await testRun(report, { day: "mon" });
  expect(result).toMatchObject({ state: "Success", value: 7, attempt: 1, failure: undefined, logs: [] });
  expectStates(result, load, ["Pending", "Running", "Success"]);
  expectStates(result, "size", ["Pending", "Mapped"]);
  expectStates(result, size, ["Pending", "Running", "Success"], { index: 1 });
  expect(result.executions.map(({ task: name, index, inputs }) => [name, index, inputs])).toEqual([
    ["load", undefined, ["mon"]],
    ["size", 0, ["mon"]],
    ["size", 1, ["mon!"]],
    ["total", undefined, [[3, 4]]],
  ]);
});

test("forced failures are tried again at once, and the clock has moved by the delays", async () => {
  const clock = testClock({ start: 1_000_000 });
  const result = await testRun(
    report,
    { day: "mon" },
    { clock, with: [failTask(load, { times: 2, error: "no link" })] },
  );
  expect(result.value).toBe(7);
  expectStates(result, "load", RETRIED);
  // 10 minutes, then three times as many.
  expect(clock.now()).toBe(1_000_000 + 40 * 60_000);
});

test("failures can be aimed at a child, a try, a call", async () => {
  const twice = flow("twice", () => [load("a"), load("b")]);
  const error = new RangeError("too far");
  const aimed = await testRun(report, { day: "mon" }, { with: [failTask(size, { index: 1, error })] });
  expect(aimed).toMatchObject({ state: "Failed", failure: { code: "UPSTREAM_FAILED" } });
  expect(aimed.taskRuns.find(({ mapIndex }) => mapIndex === 1)?.failure).toMatchObject({ message: "too far" });
  expectStates(aimed, size, ["Pending", "Running", "Failed"], { index: 1 });
  expectStates(aimed, size, ["Pending", "Running", "Success"], { index: 0 });
  const second = await testRun(twice, undefined, { with: [failTask(load, { call: 1, tryNumber: [1, 2] })] });
  expectStates(second, load, ["Pending", "Running", "Success"]);
  expectStates(second, load, RETRIED, { call: 1 });
});

test("a stub runs in the task's place, with its options and its place in the graph", async () => {
  const stubs = [
    stubTask(load, (day) => [day, day, day]),
    stubTask("size", (row: string) => run.tryNumber + row.length),
  ];
  const result = await testRun(report, { day: "mon" }, { with: stubs });
  expect(result.value).toBe(12);
  expect(result.executions.every(({ task: name, stoodIn }) => stoodIn === (name !== "total"))).toBe(true);
});

test("the first stand-in that fits and is not used up is taken", async () => {
  const stubs = [failTask(load, { times: 1 }), stubTask(load, () => ["x"], { times: 1 }), failTask(load)];
  const first = await testRun(report, { day: "mon" }, { with: stubs });
  expect(first.value).toBe(1);
  const error = new RangeError("too far");
  const last = await testRun(report, { day: "mon" }, { with: [failTask(total, { error })] });
  expect(last).toMatchObject({ error, failure: { name: "RangeError", message: "too far" } });
  expect(() => failTask(load, { times: 0 })).toThrow("times is 0");
});

test("a task that hangs ends by its timeout, at once", async () => {
  const slow = task("slow", { timeout: "1h", retries: 1, retryOn: TaskTimeoutError }, async () => "done");
  const result = await testRun(
    flow("f", () => slow()),
    undefined,
    { with: [hangTask(slow, { times: 1 })] },
  );
  expect(result.value).toBe("done");
  expectStates(result, slow, ["Pending", "Running", "Retrying", "Running", "Success"]);
  expect(result.clock.now() - Date.UTC(2026, 0, 1)).toBe(3_601_000);
});

test("while code of a task runs, time stands still: its timeout does not come early", async () => {
  const busy = task("busy", { timeout: 5 }, async () => {
    for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return "done";
  });
  const both = flow("both", async () => [await busy(), await load("mon")]);
  const result = await testRun(both, undefined, { with: [failTask(load, { times: 1 })] });
  expect(result.state).toBe("Success");
});

test("time can be moved from within a stub", async () => {
  const clock = testClock();
  const slow = task("slow", { timeout: "1m" }, async () => "done");
  const late = stubTask(slow, async () => {
    await clock.advance("2m");
    return "late";
  });
  const result = await testRun(
    flow("f", () => slow()),
    undefined,
    { clock, with: [late] },
  );
  expectStates(result, slow, ["Pending", "Running", "TimedOut"]);
});

test("a restart executes what had not succeeded, and takes the rest from the stores", async () => {
  const failed = await testRun(report, { day: "mon" }, { with: [failTask(size, { index: 1 })] });
  expect(failed.state).toBe("Failed");
  const again = await restart(failed);
  expect(again).toMatchObject({ state: "Success", value: 7, attempt: 2 });
  expect(again.executions.map(({ task: name, index }) => [name, index])).toEqual([
    ["size", 1],
    ["total", undefined],
  ]);
  expectStates(again, load, []);
  expectStates(again, size, [], { index: 0 });
  expectStates(again, size, ["Pending", "Running", "Success"], { index: 1 });
});

test("without a store, as with Docker storage, a restart executes again what it needs", async () => {
  const failed = await testRun(report, { day: "mon" }, { store: null, with: [failTask(total)] });
  const again = await restart(failed, { with: [failTask(total, { times: 1 })] });
  expect(again.state).toBe("Failed");
  expect(again.executions.map(({ task: name }) => name)).toEqual(["load", "size", "size", "total"]);
});

test("stores that the code names are not touched, unless the test says so", async () => {
  const inner = memoryStore();
  const writes: string[] = [];
  const store: Store = {
    kind: "bucket",
    write: (value, where) => {
      writes.push(where.task);
      return inner.write(value, where);
    },
    read: (location) => inner.read(location),
    exists: (location) => inner.exists(location),
  };
  const kept = task("kept", { result: store }, () => 1);
  const stored = flow("stored", { result: store }, async () => (await load("mon")).length + (await kept()));
  const failed = await testRun(stored, undefined, { with: [failTask(kept)] });
  expect([writes, (await restart(failed)).value]).toEqual([[], 3]);
  await testRun(stored, undefined, { realStores: true });
  expect(writes).toEqual(["load", "kept"]);
});

test("logs, artifacts, secrets and the moment of the run are told", async () => {
  const talk = task("talk", async () => {
    run.log.warn("in the task");
    run.artifact.markdown("note", "# 1");
    run.artifact.markdown("note", "# 2");
    return await secret("S", { from: { kind: "test", read: async () => "hidden" } });
  });
  const told = flow("told", async () => {
    run.log.info(run.scheduledStartTime.toISOString());
    await talk();
  });
  const result = await testRun(told, undefined, { scheduledStartTime: new Date("2026-02-01") });
  expect(result.logs).toEqual([
    { level: "info", text: "2026-02-01T00:00:00.000Z" },
    { level: "warn", text: "in the task", task: "talk" },
  ]);
  expect(result.artifacts).toEqual([{ name: "note", artifact: "markdown", data: { markdown: "# 2" } }]);
  expect(result.secrets).toEqual(["hidden"]);
});

test("bad parameters end the run, and never throw", async () => {
  const result = await testRun(report, { day: 3 } as unknown as { day: string });
  expect(result).toMatchObject({ state: "ValidationFailed", failure: { code: "PARAMETERS_INVALID" }, executions: [] });
});

test("a stand-in for a name that the flow does not know is told; a task that need not be called is fine", async () => {
  const other = task("other", () => 1);
  const mistyped = testRun(report, { day: "mon" }, { with: [failTask("laod")] });
  await expect(mistyped).rejects.toThrow('a stand-in for "laod", but the flow called no such task; it called "load"');
  expect((await testRun(report, { day: "mon" }, { with: [failTask(other)] })).state).toBe("Success");
  // One that failed before it came to the task says why, which is more.
  const early = await testRun(report, { day: 3 } as never, { with: [failTask("total")] });
  expect(early.state).toBe("ValidationFailed");
});

test("what is no flow, or no result, is told", async () => {
  const notFlow = (() => 1) as unknown as typeof report;
  await expect(testRun(notFlow, { day: "mon" })).rejects.toThrow("no flow of this copy");
  const result = await testRun(report, { day: "mon" });
  await expect(restart({ ...result })).rejects.toThrow("no result of testRun");
});
