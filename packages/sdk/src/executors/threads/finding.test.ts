import { expect, onTestFinished, test } from "vitest";
import type { TaskFunction } from "../../task/task-types.ts";
import { functions } from "../testing/contract-tasks.ts";
import { jobFor } from "../testing/job.ts";
import { shy } from "../testing/thread-shy-tasks.ts";
import { defineInside, greedy, inside, made, numbered, twinEcho } from "../testing/twin-tasks.ts";
import { threads, type ThreadsOptions } from "./threads.ts";

function oneThread(options: ThreadsOptions = {}) {
  const executor = threads({ size: 1, ...options });
  onTestFinished(async () => await executor.close());
  return async (task: string, fn: unknown, ...inputs: unknown[]): Promise<unknown> =>
    await executor.run(jobFor(task, fn as TaskFunction, inputs));
}

test("two tasks of one name are told apart by their files", async () => {
  const run = oneThread();
  expect(await run("echo", twinEcho, 1)).toEqual(["twin", 1]);
  expect(await run("echo", functions.echo, 1)).toBe(1);
});

test("tasks of one name that a loop makes are told apart by their order", async () => {
  const run = oneThread();
  expect(await Promise.all(numbered.map(async (fn) => await run("numbered", fn)))).toEqual([0, 1, 2]);
});

test("a task that a helper makes is found by the file that called the helper", async () => {
  expect(await oneThread()("made", made, 1)).toBe(2);
});

test("a task that is made inside a function is told where to be defined", async () => {
  await defineInside();
  await expect(oneThread()("inside", inside)).rejects.toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringMatching(
      /loaded .*twin-tasks\.ts and found no task "inside": .* Define it at the top level of a module/,
    ) as string,
  });
});

test("a function that never was a task is told", async () => {
  await expect(oneThread()("stranger", () => 1)).rejects.toThrow(
    'The task "stranger" cannot run in a thread: it is not known which file defines it. Define it at the top level',
  );
});

test("a file that does not load in a thread is told with the user's own error", async () => {
  await expect(oneThread()("shy", shy)).rejects.toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringMatching(
      /thread-shy-tasks\.ts does not load\. RangeError: only in the main thread/,
    ) as string,
  });
});

test("a file that begins its work while it is loaded is told, and no thread begins threads without end", async () => {
  const { problem } = await import("../testing/self-starting-tasks.ts");
  expect(problem).toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringContaining("Run it only in the program: if (import.meta.main) await") as string,
  });
});

test("a thread that runs out of memory fails its try alone", async () => {
  const run = oneThread({ memoryMiB: 16 });
  await expect(run("greedy", greedy)).rejects.toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringMatching(/"greedy" .* ran out of memory\. .* threads\({ memoryMiB: … }\)\.$/) as string,
  });
  expect(await run("echo", twinEcho, 1)).toEqual(["twin", 1]);
});

test("options that make no sense are told", () => {
  expect(() => threads({ size: 0 })).toThrow("size of threads() is 0; it must be a whole number from 1.");
  expect(() => threads({ memoryMiB: 1.5 })).toThrow("memoryMiB of threads() is 1.5");
  expect(() => threads({ idleTimeout: -1 })).toThrow("idleTimeout of threads() is -1");
});
