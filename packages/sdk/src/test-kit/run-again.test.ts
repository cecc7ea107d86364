import { expect, test } from "vitest";
import { startFlowRun, waitForFlowRun } from "../child-runs.ts";
import { run } from "../context/run.ts";
import { flow } from "../flow/flow.ts";
import { resource } from "../resource.ts";
import { loopWith, pause } from "../signals.ts";
import { task } from "../task/task.ts";
import { approve, cancelDuring, expectStates, failTask, restart, stubTask, testRun } from "./index.ts";

const prepare = task("prepare", () => 20);
const pay = task("pay", { retries: 1 }, (sum: number) => {
  if (!run.approved) throw pause("is it right?");
  return `paid ${sum}`;
});
const payout = flow("payout", () => pay(prepare()));

test("a run that pauses says so, and goes on where it stood once it is approved", async () => {
  const paused = await testRun(payout);
  expect(paused).toMatchObject({ state: "Paused", value: undefined, attempt: 1 });
  expectStates(paused, pay, ["Pending", "Running", "Paused"]);
  await expect(approve(paused, ["prepare"])).rejects.toThrow("Nothing that is meant is paused");
  await expect(restart(paused)).rejects.toThrow("it is Paused");
  const paid = await approve(paused);
  expect(paid).toMatchObject({ state: "Success", value: "paid 20", attempt: 2 });
  expect(paid.executions.map(({ task: name }) => name)).toEqual(["pay"]);
});

test("what is approved without further words does not end the run", async () => {
  const byHand = task("by-hand", { trigger: "manual_only" }, () => 1);
  const both = flow("both", async () => [await pay(prepare()), await byHand()]);
  expect(await testRun(both, undefined, { approve: ["pay"] })).toMatchObject({ state: "Paused", attempt: 2 });
  expect(await testRun(both, undefined, { approve: "all" })).toMatchObject({ state: "Success", value: ["paid 20", 1] });
});

test("a long wait is held, or gives the run back and is claimed again, as the test says", async () => {
  const late = task("late", { retries: 1, retryDelay: "3h" }, () => run.attempt);
  const f = flow("f", () => late());
  const held = await testRun(f, undefined, { with: [failTask(late, { times: 1 })] });
  expect(held).toMatchObject({ value: 1, attempt: 1 });
  const released = await testRun(f, undefined, { with: [failTask(late, { times: 1 })], releaseLongWaits: true });
  expect(released).toMatchObject({ value: 2, attempt: 2 });
  expectStates(released, late, ["Pending", "Running", "Retrying", "Pending", "Running", "Success"]);
  expect(released.clock.now()).toBe(held.clock.now());
});

test("a later run of the same cloud finds what an earlier one has cached, until it expires", async () => {
  const rates = task("rates", { cacheFor: "1h", cacheValidator: "allInputs" }, (day: string) => ({ day }));
  const f = flow("f", ({ day }: { day: string }) => rates(day));
  const first = await testRun(f, { day: "mon" });
  expectStates(first, rates, ["Pending", "Running", "Cached"]);
  const second = await testRun(f, { day: "mon" }, { after: first });
  expect(second).toMatchObject({ value: { day: "mon" }, executions: [] });
  expectStates(second, rates, ["Pending", "Cached"]);
  expect((await testRun(f, { day: "tue" }, { after: first })).executions).toHaveLength(1);
  await first.clock.advance("1h");
  expect((await testRun(f, { day: "mon" }, { after: first })).executions).toHaveLength(1);
  expect((await testRun(f, { day: "mon" })).executions).toHaveLength(1);
});

test("runs that the flow starts elsewhere end as the test says; a restart does not start them again", async () => {
  const f = flow("f", async () => {
    const { state } = await waitForFlowRun(startFlowRun("child", { parameters: { n: 1 } }), { raise: false });
    return [state, await prepare()];
  });
  const failed = await testRun(f, undefined, { outcomes: () => ({ state: "Cancelled" }), with: [failTask(prepare)] });
  expect(failed.started).toMatchObject([{ runId: "started-1", flow: "child", parameters: { n: 1 } }]);
  const again = await restart(failed);
  expect(again).toMatchObject({ value: ["Cancelled", 20], started: [{ runId: "started-1" }] });
});

test("a run can be cancelled while a task runs; what it has set up is cleaned up, and a restart does the rest", async () => {
  const events: string[] = [];
  const cluster = resource("cluster", { setup: () => "on", cleanup: (state) => void events.push(`${state} → off`) });
  const first = task("first", () => 1);
  const compute = task("compute", (_cluster: string, n: number) => n + 1);
  const f = flow("f", () => compute(cluster(), first()));
  const cancelled = await testRun(f, undefined, { with: [cancelDuring(compute)] });
  expect([cancelled.state, events]).toEqual(["Cancelled", ["on → off"]]);
  expectStates(cancelled, compute, ["Pending", "Running", "Cancelling", "Cancelled"]);
  const again = await restart(cancelled);
  expect([again.value, events.length]).toEqual([2, 2]);
  expectStates(again, first, []);
});

test("the same idempotency key starts the same run", async () => {
  const start = (): Promise<string> => startFlowRun("child", { idempotencyKey: "once" });
  const result = await testRun(flow("f", async () => [await start(), await start()]));
  expect(result).toMatchObject({ value: ["started-1", "started-1"], started: [{ idempotencyKey: "once" }] });
});

test("turns, resources and subflows are told like anything else", async () => {
  const events: string[] = [];
  const connection = resource("connection", {
    setup: () => events.push("up"),
    cleanup: () => void events.push("down"),
  });
  const count = task("count", (_connection: number) => {
    if (run.loop.count < 2) throw loopWith(run.loop.count + 1);
    return run.loop.value;
  });
  const inner = flow("inner", () => count(connection()));
  const result = await testRun(
    flow("outer", () => inner()),
    undefined,
    { with: [stubTask("connection", () => 7)] },
  );
  expect(result.value).toBe(2);
  expect(events).toEqual(["down"]);
  expectStates(result, "inner", ["Pending", "Running", "Success"]);
  expectStates(result, count, ["Pending", "Running", "Looped", "Running", "Looped", "Running", "Success"]);
});

test("a map of ten thousand is no trouble", async () => {
  const square = task("square", (n: number) => n * n);
  const squares = flow("squares", () => square.map(Array.from({ length: 10_000 }, (_, n) => n)));
  const failed = await testRun(squares, undefined, { with: [failTask(square, { index: 9_999 })] });
  expect(failed.executions).toHaveLength(10_000);
  const again = await restart(failed);
  expect([again.state, again.executions.length]).toEqual(["Success", 1]);
});
