import { expect, test } from "vitest";
import { memoryStore, type Store } from "@weir/results";
import { flow } from "../flow/flow.ts";
import type { FlowRun } from "./flow-run.ts";
import { skip } from "../signals.ts";
import { task } from "../task/task.ts";
import { record, RecordingStore } from "../testing/recorded-run.ts";
import { run } from "../context/run.ts";

const one = task("one", async (id = 1) => ({ id }));

test("the result is written before Success is told, and its location and size travel", async () => {
  const store = new RecordingStore();
  const { find } = await record(
    flow("nightly", async () => await one()),
    { store, attempt: 3 },
  );
  expect(store.writes).toMatchObject([
    { runId: "run-1", flow: "nightly", task: "one", taskRunNumber: 1, attempt: 3, tryNumber: 1, mapIndex: undefined },
  ]);
  const success = find("one")?.events.at(-1);
  expect(success).toMatchObject({ state: "Success", resultBytes: '{"id":1}'.length });
  expect(await store.read(success?.location ?? "")).toEqual({ id: 1 });
});

test("the value in the flow is the one that was returned, not a copy", async () => {
  const value = { id: 1 };
  const make = task("make", () => value);
  const { end } = await record(
    flow("f", async () => (await make()) === value),
    { store: memoryStore() },
  );
  expect(end).toEqual({ state: "Success", value: true });
});

test("whoever waits for the task waits for the write", async () => {
  const order: string[] = [];
  const inner = memoryStore();
  const store: Store = {
    ...inner,
    write: async (value, where) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      order.push(`written ${where.task}`);
      return await inner.write(value, where);
    },
  };
  const next = task("next", () => void order.push("next"));
  await record(
    flow("f", async () => await next.with({ after: [one()] })()),
    { store },
  );
  expect(order).toEqual(["written one", "next", "written next"]);
});

test("nothing is written without a store, with checkpoint: false, for failed, skipped and mapped runs", async () => {
  const store = new RecordingStore();
  const unkept = task("unkept", { checkpoint: false }, () => 1);
  const skipped = task("skipped", () => {
    throw skip("x");
  });
  const failed = task("failed", { retries: 1, retryDelay: 0 }, () => {
    throw new Error("x");
  });
  const child = task("child", { checkpoint: false }, (n: number) => n);
  const body = async () => {
    await Promise.allSettled([unkept(), skipped(), failed(), child.map([1, 2])]);
  };
  await record(flow("f", body), { store });
  expect(store.writes).toEqual([]);
  const { find } = await record(flow("f", async () => await one()));
  expect(find("one")?.events.at(-1)).not.toHaveProperty("location");
});

test("a task's own store comes first, then the flow's, then the storage's", async () => {
  const [own, flows, storages] = [new RecordingStore(), new RecordingStore(), new RecordingStore()];
  const named = task("named", { result: own }, () => 1);
  await record(
    flow("f", { result: flows }, async () => [await named(), await one()]),
    { store: storages },
  );
  expect([own, flows, storages].map(({ writes }) => writes.map(({ task: name }) => name))).toEqual([
    ["named"],
    ["one"],
    [],
  ]);
});

test("children have locations with their index, tries with their number", async () => {
  const store = new RecordingStore();
  const flaky = task("flaky", { retries: 1, retryDelay: 0 }, (n: number) => {
    if (n === 1 && run.tryNumber === 1) throw new Error("once");
    return n;
  });
  await record(
    flow("f", async () => await flaky.map([0, 1])),
    { store },
  );
  expect(store.writes.map(({ mapIndex, tryNumber }) => [mapIndex, tryNumber])).toEqual([
    [0, 1],
    [1, 2],
  ]);
});

test("a value that cannot be written fails the task by name and place, and its code is not run again", async () => {
  let calls = 0;
  const odd = task("odd", { retries: 3, retryDelay: 0 }, () => {
    calls += 1;
    return { rows: [{ close: () => undefined }] };
  });
  const { end, find } = await record(
    flow("f", async () => await odd()),
    { store: memoryStore() },
  );
  expect(calls).toBe(1);
  expect(end).toMatchObject({ state: "Failed", error: { code: "RESULT_NOT_SERIALIZABLE" } });
  expect(find("odd")?.events.at(-1)?.failure?.message).toMatch(
    /^The task "odd" ran, but its result was not kept\. .*value\.rows\[0\]\.close is a function/,
  );
});

test("a store of the user's own that throws anything fails the task with a code", async () => {
  const broken: Store = { ...memoryStore(), write: () => Promise.reject(new Error("bucket is gone")) };
  const { end } = await record(
    flow("f", async () => await one.map([0])),
    { store: broken },
  );
  expect(end).toMatchObject({
    error: {
      cause: {
        code: "RESULT_WRITE_FAILED",
        message: 'The task "one" (index 0) ran, but its result was not kept. bucket is gone',
      },
    },
  });
});

test("a location that is too long to cross is refused like any failed write", async () => {
  const inner = memoryStore();
  const far: Store = {
    ...inner,
    write: async (value, where) => ({ ...(await inner.write(value, where)), location: "x".repeat(3_000) }),
  };
  const { end } = await record(
    flow("f", async () => await one()),
    { store: far },
  );
  expect(end).toMatchObject({
    error: { code: "RESULT_WRITE_FAILED", message: expect.stringContaining("3000 characters") as string },
  });
});

test("a write that outlasts the run's end changes nothing any more", async () => {
  const release = Promise.withResolvers<void>();
  const inner = memoryStore();
  const slow: Store = {
    ...inner,
    write: async (value, where) => {
      current?.cancel(10);
      await release.promise;
      return await inner.write(value, where);
    },
  };
  let current: FlowRun | undefined;
  const begun = (flowRun: FlowRun) => void (current = flowRun);
  const { end, events, states } = await record(
    flow("f", async () => await one()),
    { store: slow, begun },
  );
  expect(end.state).toBe("Cancelled");
  expect(states("one")).toEqual(["Pending", "Running", "Cancelling", "Cancelled"]);
  const told = events.length;
  release.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(events).toHaveLength(told);
});
