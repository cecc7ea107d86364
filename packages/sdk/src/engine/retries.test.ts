import { expect, test } from "vitest";
import { flow } from "../flow/flow.ts";
import { realClock } from "./flow-run.ts";
import { fail, retryAfter, skip } from "../signals.ts";
import { task } from "../task/task.ts";
import { run } from "../context/run.ts";
import { record } from "../testing/recorded-run.ts";
import { TaskTimeoutError } from "../errors.ts";

/** Fails the first `times` tries. */
function flaky(times: number, options: Parameters<typeof task>[1] & object) {
  const tries: number[] = [];
  const made = task("flaky", options, async () => {
    tries.push(run.tryNumber);
    if (run.tryNumber <= times) throw new Error(`try ${run.tryNumber}`);
    return run.tryNumber;
  });
  return { made, tries };
}

test("a failed try is repeated, with its number, its failure and the moment of the next one", async () => {
  const { made, tries } = flaky(2, { retries: 3, retryDelay: 5 });
  const clock = { ...realClock, now: () => 5_000, random: () => 0.5 };
  const { end, find, states } = await record(
    flow("f", async () => await made()),
    { clock },
  );
  expect(end).toEqual({ state: "Success", value: 3 });
  expect(tries).toEqual([1, 2, 3]);
  expect(states("flaky")).toEqual(["Pending", "Running", "Retrying", "Running", "Retrying", "Running", "Success"]);
  const events = find("flaky")?.events ?? [];
  expect(events.map(({ tryNumber }) => tryNumber)).toEqual([1, 1, 2, 2, 3, undefined]);
  expect(events[1]).toMatchObject({ failure: { message: "try 1" }, at: 5_000, startTime: 5_005 });
});

test("when the tries are used up, the last failure stands", async () => {
  const { made, tries } = flaky(9, { retries: [0, 0] });
  const { end, find } = await record(flow("f", async () => await made()));
  expect(tries).toEqual([1, 2, 3]);
  expect(end).toMatchObject({ state: "Failed", error: { message: "try 3" } });
  expect(find("flaky")?.events.at(-1)).toMatchObject({ state: "Failed", failure: { message: "try 3" } });
});

test("a function that throws without being async is retried alike", async () => {
  let tries = 0;
  const sync = task("sync", { retries: 1, retryDelay: 0 }, () => {
    tries += 1;
    if (tries === 1) throw new Error("once");
    return "ok";
  });
  expect((await record(flow("f", async () => await sync()))).end).toEqual({ state: "Success", value: "ok" });
});

test("a retryOn that throws retries nothing; the failure stands and both are told", async () => {
  const picky = task(
    "picky",
    {
      retries: 3,
      retryOn: () => {
        throw new Error("cannot say");
      },
    },
    () => {
      throw new Error("mine");
    },
  );
  const { end, events } = await record(flow("f", async () => await picky()));
  expect(end).toMatchObject({ state: "Failed", error: { message: "mine" } });
  expect(events).toContainEqual(
    expect.objectContaining({ kind: "log", text: expect.stringContaining("cannot say") as string }),
  );
});

test("fail() is retried, retryAfter() needs no retries, skip() ends", async () => {
  const signals = [fail("first"), retryAfter(1, "not ready"), skip("enough")];
  const signalling = task("signalling", { retries: 1, retryDelay: 0 }, () => {
    throw signals[run.tryNumber - 1] ?? new Error("too many tries");
  });
  const { end, states, find } = await record(flow("f", async () => await signalling()));
  expect(states("signalling").slice(1)).toEqual(["Running", "Retrying", "Running", "Retrying", "Running", "Skipped"]);
  expect(find("signalling")?.events.at(-1)?.message).toBe("enough");
  expect(end).toEqual({ state: "Success", value: undefined });
});

test("a signal that is caught and ignored is told in the log", async () => {
  const swallowing = task("swallowing", () => {
    try {
      throw skip("no data");
    } catch {
      return "went on";
    }
  });
  const { end, events } = await record(flow("f", async () => await swallowing()));
  expect(end).toEqual({ state: "Success", value: "went on" });
  expect(events).toContainEqual(
    expect.objectContaining({
      level: "warn",
      logger: "weir",
      number: 1,
      text: expect.stringContaining('skip("no data") was made') as string,
    }),
  );
});

test("a try that takes too long is TimedOut, its signal aborted, whatever its code does afterwards", async () => {
  const aborted = Promise.withResolvers<unknown>();
  const slow = task("slow", { timeout: 20 }, async () => {
    const { signal } = run;
    signal.addEventListener("abort", () => aborted.resolve(signal.reason));
    await aborted.promise;
    return "too late";
  });
  const { end, states, find } = await record(flow("f", async () => await slow()));
  expect(states("slow")).toEqual(["Pending", "Running", "TimedOut"]);
  expect(find("slow")?.events.at(-1)?.failure).toMatchObject({
    code: "TASK_TIMED_OUT",
    message: 'Try 1 of the task "slow" took longer than its timeout of 20 ms.',
  });
  expect(end).toMatchObject({ state: "Failed", error: { code: "TASK_TIMED_OUT" } });
  expect(await aborted.promise).toBeInstanceOf(TaskTimeoutError);
});

test("a timed-out try is retried, with a signal of its own; what the first still throws is nobody's", async () => {
  const signals: boolean[] = [];
  const slow = task("slow", { timeout: 20, retries: 1, retryDelay: 0 }, async () => {
    const { signal, tryNumber } = run;
    signals.push(signal.aborted);
    if (tryNumber > 1) return "second";
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new Error("late");
  });
  const { end, states } = await record(flow("f", async () => await slow()));
  expect(end).toEqual({ state: "Success", value: "second" });
  expect(signals).toEqual([false, false]);
  expect(states("slow")).toEqual(["Pending", "Running", "Retrying", "Running", "Success"]);
});

test("code of a try that is over still finds itself in that try", async () => {
  const late = Promise.withResolvers<[number, boolean]>();
  const slow = task("slow", { timeout: 100, retries: 1, retryDelay: 0 }, async () => {
    if (run.tryNumber > 1) return await late.promise;
    const { signal } = run;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await new Promise((resolve) => setImmediate(resolve));
    late.resolve([run.tryNumber, run.signal.aborted]);
    return [0, false];
  });
  const { end } = await record(flow("f", async () => await slow()));
  expect(end).toEqual({ state: "Success", value: [1, true] });
});

test("a try that ends in time leaves no timer behind", async () => {
  const quick = task("quick", { timeout: "1h" }, async () => 1);
  await record(flow("f", async () => await quick()));
  expect(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length).toBeLessThan(3);
});
