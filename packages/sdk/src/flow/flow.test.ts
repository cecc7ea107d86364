import { localStore } from "@weir/results";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { WeirError } from "../errors.ts";
import { run } from "../context/run.ts";
import { task } from "../task/task.ts";
import { record } from "../testing/recorded-run.ts";
import type { Executor } from "../executors/executor.ts";
import { flow } from "./flow.ts";

const double = task("double", async (n: number) => n * 2);
const boom = task("boom", () => {
  throw new RangeError("boom");
});

test("called without a cloud it runs in memory: the value, or what made it fail", async () => {
  expect(await flow("f", async ({ n }: { n: number }) => await double(n))({ n: 4 })).toBe(8);
  await expect(flow("f", async () => await boom())()).rejects.toThrow(RangeError);
  await expect(flow("f", () => void boom())()).rejects.toThrow("boom");
});

test("run() tells how it ended and never throws", async () => {
  const mapped = flow("f", async () => await double.map([1, 2]));
  const ended = await mapped.run();
  expect(ended).toMatchObject({
    state: "Success",
    value: [2, 4],
    taskRuns: [
      { number: 1, task: "double", ordinal: 0, state: "Mapped", mapCount: 2, tryNumber: 0 },
      { number: 2, mapIndex: 0, parent: 1, state: "Success", tryNumber: 1 },
      { number: 3, mapIndex: 1, parent: 1, state: "Success", tryNumber: 1 },
    ],
  });
  const failed = await flow("f", async () => await boom()).run();
  expect(failed).toMatchObject({
    state: "Failed",
    failure: { name: "RangeError", message: "boom" },
    taskRuns: [{ task: "boom", state: "Failed", failure: { message: "boom" } }],
  });
});

test("a failure that a later try made good is not told of the task run", async () => {
  const flaky = task("flaky", { retries: 1, retryDelay: 0 }, () => {
    if (run.tryNumber === 1) throw new Error("once");
  });
  const { taskRuns } = await flow("f", async () => await flaky()).run();
  expect(taskRuns[0]).toMatchObject({ state: "Success", tryNumber: 2 });
  expect(taskRuns[0]).not.toHaveProperty("failure");
});

test("two runs at once do not meet", async () => {
  const name = task("name", async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return run.parameters["n"];
  });
  const f = flow("f", async ({ n }: { n: number }) => [await name(), n]);
  expect(await Promise.all([f({ n: 1 }), f({ n: 2 })])).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

test("called inside another flow it is a task run of that flow's, and its tasks are below it", async () => {
  const inner = flow("inner", { parameters: z.object({ n: z.number() }) }, async ({ n }) => await double(n));
  const { end, runs } = await record(flow("outer", async () => (await inner({ n: 2 })) + (await double(1))));
  expect(end).toEqual({ state: "Success", value: 6 });
  expect([...runs.values()].map(({ declared }) => [declared.task, declared.ordinal, declared.parent])).toEqual([
    ["inner", 0, undefined],
    ["double", 0, 1],
    ["double", 0, undefined],
  ]);
  const wrong = await record(flow("outer", async () => await inner({ n: "x" as unknown as number })));
  expect(wrong.end).toMatchObject({ error: { code: "PARAMETERS_INVALID" } });
});

test("called inside a task it is a run of its own in memory", async () => {
  const inner = flow("inner", async () => await double(2));
  const outer = task("outer", async () => await inner());
  const { end, runs } = await record(flow("f", async () => await outer()));
  expect(end).toEqual({ state: "Success", value: 4 });
  expect(runs.size).toBe(1);
});

test("in memory a store is used only where it is named", async () => {
  const directory = await mkdtemp(join(tmpdir(), "weir-flow-"));
  onTestFinished(async () => await rm(directory, { recursive: true }));
  const named = flow("named", { result: localStore({ directory }) }, async () => await double(2));
  const { taskRuns } = await named.run();
  expect(taskRuns[0]?.location).toMatch(/^file:.*\/named\/[0-9a-f-]{36}\/double-1-a1-t1\.json#\d+$/);
  await flow("unnamed", async () => await double(2))();
  expect(await readdir(directory)).toEqual(["named"]);
});

test("log lines are printed", async () => {
  const print = vi.spyOn(console, "error").mockReturnValue();
  await flow("f", () => run.log.error("seen"))();
  expect(print.mock.calls[0]?.[0]).toContain("error seen");
  print.mockRestore();
});

test("parameters that do not fit are told before anything runs", async () => {
  let called = false;
  const f = flow("report", { parameters: z.object({ top: z.number() }) }, () => void (called = true));
  await expect(f({ top: "x" as unknown as number })).rejects.toBeInstanceOf(WeirError);
  const { end, events } = await record(f, { parameters: { top: "x" } });
  expect(end.state).toBe("ValidationFailed");
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ kind: "flow", state: "ValidationFailed", failure: { code: "PARAMETERS_INVALID" } });
  expect(called).toBe(false);
});

test("what is no flow is told", () => {
  expect(() => flow("", () => 1)).toThrow("The name of a flow must be a text");
  expect(() => flow("x", {} as never)).toThrow('The flow "x" has no function');
});

test("the executor of a flow that is called inside another one runs its tasks, and no others; it is let go of at the end", async () => {
  const heard: string[] = [];
  const executor = (name: string): Executor => ({
    kind: name,
    run: async ({ task: called, fn, inputs }) => {
      heard.push(`${name} ${called}`);
      return await fn(...inputs);
    },
    close: async () => void heard.push(`${name} closed`),
  });
  const inner = flow("inner", { executor: executor("inner") }, async () => await double(1));
  const outer = flow("outer", { executor: executor("outer") }, async () => (await inner()) + (await double(1)));
  const { end } = await record(outer);
  expect(end).toEqual({ state: "Success", value: 4 });
  expect(heard.toSorted()).toEqual(["inner closed", "inner double", "outer closed", "outer double"]);
});
