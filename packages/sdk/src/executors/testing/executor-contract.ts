import { afterAll, beforeAll, expect, test } from "vitest";
import { WeirError } from "../../errors.ts";
import { Signal } from "../../signals.ts";
import { eventually } from "../../testing/eventually.ts";
import type { Executor } from "../executor.ts";
import { isOfClass } from "../classes.ts";
import { ServiceDown } from "./contract-tasks.ts";
import { jobOf, linesOf, type TestJob } from "./job.ts";

/** What differs between executors. */
export interface ContractOptions {
  /** Values come back as copies, errors as new objects. */
  readonly copies: boolean;
  /** A try that does not listen to its signal is ended by force, and a try that ends its thread fails alone. */
  readonly kills: boolean;
}

let executor: Executor;

async function thrownBy(job: TestJob): Promise<unknown> {
  return await executor.run(job).then(
    (value) => expect.fail(`returned ${String(value)}`),
    (thrown: unknown) => thrown,
  );
}

/** What every executor keeps to. Registers tests; `make` is called before the first of them, in the folder of the contract's tasks. */
export function describeExecutor(make: () => Executor | Promise<Executor>, options: ContractOptions): void {
  beforeAll(async () => {
    process.env["CONTRACT_SECRET"] = "contract-s3cret";
    executor = await make();
  });
  afterAll(async () => await executor.close());
  describeValues();
  describeThrown(options);
  describeVoice();
  describeStop(options);
  if (options.kills) describeDeath();
}

function describeValues(): void {
  const bytes = new Uint8Array([1, 2, 255]);
  test.each<[string, unknown]>([
    ["plain data", { a: [1, "two", null, true], b: { c: -1.5 } }],
    ["a date", new Date(1_234)],
    ["a bigint", 2n ** 70n],
    ["a map and a set", new Map([["a", new Set([1, 2])]])],
    ["bytes", bytes],
    ["undefined", undefined],
    ["undefined within", { a: undefined, b: [undefined] }],
    ["numbers that JSON has not", [Number.NaN, -0, Infinity]],
  ])("%s goes there and comes back", async (_what, value) => {
    const back = await executor.run(jobOf("echo", value));
    expect(back).toEqual(value);
  });

  test("code knows its run", async () => {
    expect(await executor.run(jobOf("facts"))).toEqual({
      flowRunId: "run-1",
      attempt: 2,
      tryNumber: 3,
      mapIndex: 4,
      loop: { count: 1, value: { page: 2n } },
      approved: true,
      parameters: { day: new Date(0) },
      scheduledStartTime: new Date(1_000),
      idempotencyKey: "run-1-7",
    });
  });

  test("a try says once that it has begun", async () => {
    const job = jobOf("echo", 1);
    await executor.run(job);
    expect(job.begunAt).toHaveLength(1);
  });

  test("many tries at once: each gives its own value", async () => {
    const values = Array.from({ length: 40 }, (_, index) => index);
    const back = await Promise.all(values.map(async (value) => await executor.run(jobOf("echo", value))));
    expect(back).toEqual(values);
  });
}

function describeThrown({ copies }: ContractOptions): void {
  test("a built-in error keeps class, message and the place where it was thrown", async () => {
    const thrown = await thrownBy(jobOf("throw", "type"));
    expect(thrown).toBeInstanceOf(TypeError);
    expect(thrown).toMatchObject({ name: "TypeError", message: "no number" });
    expect((thrown as Error).stack).toContain("contract-tasks.ts");
  });

  test("an error of the user's own keeps name, fields and causes, and is known by its class", async () => {
    const thrown = await thrownBy(jobOf("throw", "own"));
    expect(thrown).toBeInstanceOf(RangeError);
    expect(isOfClass(thrown, ServiceDown)).toBe(true);
    expect(isOfClass(thrown, TypeError)).toBe(false);
    expect(thrown).toMatchObject({ name: "ServiceDown", message: "down", status: 503 });
    expect((thrown as Error).cause).toMatchObject({ name: "Error", message: "refused", cause: "port 1" });
    if (copies) expect(thrown).not.toHaveProperty("socket");
  });

  test("errors with several, system errors, DOM exceptions, and what is no error", async () => {
    expect(await thrownBy(jobOf("throw", "several"))).toMatchObject({
      message: "two",
      errors: [expect.any(TypeError) as Error, { message: "b" }],
    });
    expect(await thrownBy(jobOf("throw", "system"))).toMatchObject({ code: "ENOENT", errno: -2 });
    expect(await thrownBy(jobOf("throw", "aborted"))).toBeInstanceOf(DOMException);
    expect(await thrownBy(jobOf("throw", "text"))).toBe("just a text");
  });

  test.each<[string, object]>([
    ["fail", { name: "Fail", message: "bad day" }],
    ["skip", { name: "Skip", message: "nothing came" }],
    ["pause", { name: "Pause", message: "is it right?" }],
    ["retryAfter", { name: "RetryAfter", message: "not ready", when: "90s" }],
    ["retryAt", { name: "RetryAfter", when: new Date(86_400_000) }],
    ["succeedWith", { name: "SucceedWith", value: new Map([["n", 1n]]) }],
    ["loopWith", { name: "LoopWith", value: { page: 2 } }],
  ])("the signal %s stays a signal", async (kind, expected) => {
    const thrown = await thrownBy(jobOf("throw", kind));
    expect(thrown).toBeInstanceOf(Signal);
    expect(thrown).toMatchObject(expected);
  });

  if (copies) describeCopies();
}

function describeCopies(): void {
  test("a value that cannot be copied is told", async () => {
    const thrown = await thrownBy(jobOf("functionOut"));
    expect(thrown).toBeInstanceOf(WeirError);
    expect(thrown).toMatchObject({
      code: "EXECUTOR_FAILED",
      message: expect.stringContaining('The value of the task "functionOut" cannot') as string,
    });
  });

  test("an input that cannot be copied is named", async () => {
    const thrown = await thrownBy(jobOf("echo", { fine: 1 }, { f: () => 1 }));
    expect(thrown).toMatchObject({
      code: "EXECUTOR_FAILED",
      message: expect.stringContaining('Input 2 of the task "echo" cannot') as string,
    });
  });
}

function describeVoice(): void {
  test("log lines, artifacts and secrets come to the flow run, in order and before the value", async () => {
    const job = jobOf("talk");
    expect(await executor.run(job)).toBe("contract-s3cret".length);
    expect(job.events).toMatchObject([
      { kind: "log", level: "warn", text: "3 of five", number: 7 },
      { kind: "artifact", artifact: "link", name: "board", number: 7 },
    ]);
    expect(job.secrets).toContain("contract-s3cret");
  });

  test("a signal that was made and not thrown is told", async () => {
    const job = jobOf("swallow");
    expect(await executor.run(job)).toBe(1);
    expect(linesOf(job)).toEqual([expect.stringContaining('skip("never thrown") was made but did not end the task')]);
  });
}

async function untilBegun(job: TestJob): Promise<void> {
  await eventually(() => expect(linesOf(job)).toContain("begun"));
}

function describeStop({ kills }: ContractOptions): void {
  test("code that listens to run.signal may end in order", async () => {
    const job = jobOf("listen");
    const thrown = thrownBy(job);
    await untilBegun(job);
    job.controller.abort(new WeirError("TASK_CANCELLED", "The run was cancelled."));
    expect(await thrown).toMatchObject({ code: "TASK_CANCELLED", message: "The run was cancelled." });
    expect(linesOf(job).at(-1)).toBe("told to stop: The run was cancelled.");
  });

  if (kills) describeKilling();
}

function describeKilling(): void {
  test("a try that is over before it begins is not begun", async () => {
    const job = jobOf("spin");
    job.controller.abort(new WeirError("TASK_CANCELLED", "too late"));
    expect(await thrownBy(job)).toMatchObject({ message: "too late" });
    expect(job.events).toEqual([]);
  });

  test("an endless loop is killed, and what waits behind it runs", async () => {
    const spinning = [jobOf("spin"), jobOf("spin"), jobOf("spin"), jobOf("spin")];
    const thrown = spinning.map(async (job) => await thrownBy(job));
    await Promise.race(spinning.map(async (job) => await untilBegun(job)));
    const behind = executor.run(jobOf("echo", "behind"));
    for (const { controller } of spinning) controller.abort(new WeirError("TASK_TIMED_OUT", "too long"));
    for (const one of thrown) expect(await one).toMatchObject({ message: "too long" });
    expect(await behind).toBe("behind");
  });
}

function describeDeath(): void {
  test("a try that ends its thread fails with a sentence, and the next one runs", async () => {
    const job = jobOf("exit", 5_000);
    expect(await thrownBy(job)).toMatchObject({
      name: "WeirError",
      code: "EXECUTOR_FAILED",
      message: expect.stringMatching(
        /"exit" .* ended with exit code 3 before the task did\. Return or throw/,
      ) as string,
    });
    expect(linesOf(job)).toHaveLength(5_000);
    expect(await executor.run(jobOf("echo", 1))).toBe(1);
  });

  test("an error that nothing catches ends its thread alone", async () => {
    expect(await thrownBy(jobOf("breakLater"))).toMatchObject({
      code: "EXECUTOR_FAILED",
      message: expect.stringContaining("died of an error that nothing caught: Error: in a timer") as string,
    });
    expect(await executor.run(jobOf("echo", 2))).toBe(2);
  });
}
