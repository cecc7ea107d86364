import { expect, test } from "vitest";
import { run } from "../context/run.ts";
import { flow } from "../flow/flow.ts";
import { RunCancelledError } from "../errors.ts";
import { task } from "../task/task.ts";
import { record } from "../testing/recorded-run.ts";
import type { FlowRun } from "./flow-run.ts";

/** Runs a flow and gives its body a way to cancel it. */
async function cancellable(body: (cancel: (graceMs?: number) => void) => unknown) {
  let current: FlowRun | undefined;
  const cancel = (graceMs = 5_000) => current?.cancel(graceMs);
  return await record(
    flow("f", async () => await body(cancel)),
    { begun: (begun) => void (current = begun) },
  );
}

/** Runs until its signal is aborted, then throws or returns. */
const obedient = task("obedient", async (then: "throw" | "return") => {
  const { signal } = run;
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  if (then === "throw") throw signal.reason;
  return "saved";
});
/** Long enough for all that is ready to begin, also where the engine gives way after each of them. */
const turns = async (count = 50) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const one = task("one", async (n = 1) => n);
const pass = task("pass", (x: unknown) => x);

test("running tasks are told by their signal; those that still succeed have succeeded", async () => {
  const { end, states, find } = await cancellable(async (cancel) => {
    const runs = [obedient("throw"), obedient("return")];
    await turns();
    cancel();
    await Promise.all(runs);
  });
  expect(end).toMatchObject({
    state: "Cancelled",
    error: { code: "TASK_CANCELLED", message: "The run was cancelled." },
  });
  expect(states("obedient")).toEqual(["Pending", "Running", "Cancelling", "Cancelled"]);
  expect(states("obedient", 1)).toEqual(["Pending", "Running", "Cancelling", "Success"]);
  expect(find("obedient")?.events.at(-1)?.failure).toMatchObject({ code: "TASK_CANCELLED" });
});

test("what has not begun is Cancelled: waiting for an input, for a further try, or called afterwards", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  const failing = task("failing", { retries: 1, retryDelay: "1h" }, () => {
    throw new Error("again");
  });
  const { end, states } = await cancellable(async (cancel) => {
    const waiting = pass(obedient("throw"));
    void failing();
    await turns();
    cancel();
    await expect(waiting).rejects.toBeInstanceOf(RunCancelledError);
    await expect(one()).rejects.toBeInstanceOf(RunCancelledError);
    await expect(one.map([1])).rejects.toBeInstanceOf(RunCancelledError);
  });
  expect(end.state).toBe("Cancelled");
  // Not one more; of the test runner's own one may be gone.
  expect(timers()).toBeLessThanOrEqual(before);
  expect(states("pass")).toEqual(["Pending", "Cancelled"]);
  expect(states("failing")).toEqual(["Pending", "Running", "Retrying", "Cancelled"]);
  expect(states("one")).toEqual(["Pending", "Cancelled"]);
});

test("a mapped run begins no more children, while those that run come to their end", async () => {
  const { end, runs } = await cancellable(async (cancel) => {
    const child = task("child", { maxConcurrency: 2 }, async (n: number) => {
      if (n === 1) cancel();
      if (n === 0) await turns();
      return n;
    });
    await child.map([0, 1, 2, 3, 4, 5]);
  });
  expect(end.state).toBe("Cancelled");
  expect(runs.size).toBe(3);
});

test("code that does not stop is waited for no longer than the grace", async () => {
  const deaf = task("deaf", (_n = 1) => new Promise(() => undefined));
  const { end, states } = await cancellable(async (cancel) => {
    void deaf();
    void pass(deaf());
    void deaf.map([1, 2]);
    await turns();
    cancel(30);
    await new Promise(() => undefined);
  });
  expect(end.state).toBe("Cancelled");
  expect(states("deaf")).toEqual(["Pending", "Running", "Cancelling", "Cancelled"]);
  expect(states("deaf", 2, 0)).toEqual(["Pending", "Running", "Cancelling", "Cancelled"]);
  expect(states("pass")).toEqual(["Pending", "Cancelled"]);
});

test("the flow's own code has a signal too, and may clean up before it ends", async () => {
  const cleaned: string[] = [];
  const { end } = await cancellable(async (cancel) => {
    const { signal } = run;
    setImmediate(cancel);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    cleaned.push("yes");
    return "done all the same";
  });
  expect(end.state).toBe("Cancelled");
  expect(cleaned).toEqual(["yes"]);
});

test("cancelled before it began: nothing of the flow is called", async () => {
  let called = false;
  const { end, events } = await record(
    flow("f", () => void (called = true)),
    { begun: (begun) => begun.cancel(1_000) },
  );
  expect(end.state).toBe("Cancelled");
  expect(called).toBe(false);
  expect(events).toHaveLength(1);
});

test("a crash elsewhere in the process ends everything at once, with its own failure", async () => {
  let current: FlowRun | undefined;
  const body = async () => {
    void obedient("throw");
    void pass(obedient("throw"));
    await turns();
    current?.crash(new TypeError("thrown in a timer"));
    await new Promise(() => undefined);
  };
  const { end, states, events } = await record(flow("f", body), { begun: (begun) => void (current = begun) });
  expect(end).toMatchObject({ state: "Failed", error: { message: "thrown in a timer" } });
  expect(states("obedient")).toEqual(["Pending", "Running", "Cancelled"]);
  expect(events.at(-1)).toMatchObject({ kind: "flow", state: "Failed", failure: { name: "TypeError" } });
});
