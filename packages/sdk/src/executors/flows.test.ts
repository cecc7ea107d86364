import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { FlowRun } from "../engine/flow-run.ts";
import { eventually } from "../testing/eventually.ts";
import { record } from "../testing/recorded-run.ts";
import {
  cancelled,
  keeping,
  left,
  mapped,
  notRetried,
  queued,
  retried,
  signals,
  spinning,
} from "./testing/executor-flows.ts";
import { late, redis, spread } from "./testing/farm-flow.ts";
import { TestRedis } from "./testing/redis.ts";
import { WorkerProcess } from "./testing/worker-process.ts";

/** Waits until nothing counts there any more. */
async function standsStill(ticks: SharedArrayBuffer): Promise<void> {
  const counter = new Int32Array(ticks);
  await eventually(async () => {
    const before = Atomics.load(counter, 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(Atomics.load(counter, 0)).toBe(before);
  });
}

test("a flow's executor runs its tasks and the children of its maps; a task may name another one", async () => {
  const { end, events } = await record(mapped, { parameters: { count: 50 } });
  expect(end).toMatchObject({ state: "Success", value: { here: 0 } });
  const { squares } = end.state === "Success" ? (end.value as { squares: [number, number][] }) : { squares: [] };
  expect(squares.map(([square]) => square)).toEqual(Array.from({ length: 50 }, (_, n) => n * n));
  expect(squares.every(([, thread]) => thread > 0)).toBe(true);
  const lines = events.filter((event) => event.kind === "log");
  expect(new Set(lines.map(({ number }) => number)).size).toBe(50);
});

test("an endless loop ends with its timeout: TimedOut, the thread is killed, and the next task runs", async () => {
  const ticks = new SharedArrayBuffer(4);
  const { end, states } = await record(spinning, { parameters: ticks });
  expect(end.state).toBe("Failed");
  expect(states("spin")).toEqual(["Pending", "Running", "TimedOut"]);
  expect(states("square")).toEqual(["Pending", "Running", "Success"]);
  expect(Atomics.load(new Int32Array(ticks), 0)).toBeGreaterThan(0);
  await standsStill(ticks);
});

test("an endless loop ends with its run's cancel", async () => {
  const ticks = new SharedArrayBuffer(4);
  let run: FlowRun | undefined;
  const recorded = record(cancelled, { parameters: ticks, begun: (begun) => (run = begun) });
  await eventually(() => expect(Atomics.load(new Int32Array(ticks), 0)).toBeGreaterThan(0));
  run?.cancel(60_000);
  const { end, states } = await recorded;
  expect(end.state).toBe("Cancelled");
  expect(states("spin")).toEqual(["Pending", "Running", "Cancelling", "Cancelled"]);
  await standsStill(ticks);
});

test("a timeout does not count while a try waits for a thread", async () => {
  const { end } = await record(queued);
  expect(end.state).toBe("Success");
});

test("retryOn knows classes of the user's own that were thrown in a thread", async () => {
  const { end, states } = await record(retried);
  expect(end).toMatchObject({ state: "Success", value: 3 });
  expect(states("flaky").filter((state) => state === "Retrying")).toHaveLength(2);
  const other = await record(notRetried);
  expect(other.end).toMatchObject({ state: "Failed", error: { name: "TypeError" } });
  expect(other.states("wrong")).toEqual(["Pending", "Running", "Failed"]);
});

test("a try that ends its thread is a failure that the task's retries cover", async () => {
  const { end, find } = await record(left);
  expect(end).toMatchObject({ state: "Success", value: "second try" });
  const [failed] = find("leave")?.events.filter(({ state }) => state === "Retrying") ?? [];
  expect(failed?.failure).toMatchObject({ code: "EXECUTOR_FAILED" });
});

test("signals that are thrown in threads do what they do anywhere", async () => {
  const { end, states } = await record(signals);
  expect(end).toMatchObject({ state: "Success", value: 30 });
  expect(states("nothing").at(-1)).toBe("Skipped");
  expect(states("count").filter((state) => state === "Looped")).toHaveLength(3);
});

async function withFarm(workers: number): Promise<Set<number | undefined>> {
  const server = await TestRedis.start("farm-password");
  onTestFinished(async () => await server.stop());
  redis.url = server.url;
  const files = [join(import.meta.dirname, "testing", "farm-flow.ts")];
  const pids = new Set<number | undefined>();
  for (let n = 0; n < workers; n += 1) {
    const worker = await WorkerProcess.started({ redis: server.url, queue: "farm", files, concurrency: 1 });
    onTestFinished(async () => void (await worker.kill()));
    pids.add(worker.process.pid);
  }
  return pids;
}

test("a map is spread over worker processes; dates and bigints arrive, log lines come back, the password is redacted", async () => {
  const pids = await withFarm(2);
  const { end, events, sink } = await record(spread, { parameters: { count: 30 } });
  const values = end.state === "Success" ? (end.value as { pid: number; twice: bigint }[]) : [];
  expect(values.map(({ twice }) => twice)).toEqual(Array.from({ length: 30 }, (_, n) => 2n * BigInt(n)));
  expect(new Set(values.map(({ pid }) => pid))).toEqual(pids);
  const lines = events.flatMap((event) => (event.kind === "log" ? [event.text] : []));
  expect(lines.toSorted()).toContain("number 29 of 1970-01-30T00:00:00.000Z");
  expect(lines).toHaveLength(30);
  expect(sink.secrets).toEqual(["farm-password"]);
});

test("a timeout holds for a try in a worker", async () => {
  await withFarm(1);
  const { end, states } = await record(late);
  expect(end.state).toBe("Failed");
  expect(states("wait")).toEqual(["Pending", "Running", "TimedOut"]);
});

test("a task in a thread asks the key-value store of its flow's process", async () => {
  const { end } = await record(keeping, { parameters: { key: "from a thread" } });
  const kept = { version: 1, isConflict: true, entry: { version: 1, value: { from: true } } };
  expect(end).toMatchObject({ state: "Success", value: [kept, { from: true }] });
});
