import type { KnownTaskRun } from "@weir/protocol";
import { expect, test } from "vitest";
import { run } from "../context/run.ts";
import { flow } from "../flow/flow.ts";
import { unmapped } from "../handle.ts";
import { settle } from "../settle.ts";
import { skip } from "../signals.ts";
import { task } from "../task/task.ts";
import type { FlowRun } from "./flow-run.ts";
import { knownAfter, record, RecordingStore } from "../testing/recorded-run.ts";

let calls: string[] = [];
let broken = true;

const load = task("load", async (day: string) => {
  calls.push(`load ${day}`);
  return [day, day];
});
const size = task("size", (list: readonly string[]) => {
  calls.push("size");
  return list.length;
});
const fragile = task("fragile", (n: number) => {
  calls.push(`fragile ${n}`);
  if (broken) throw new Error("broken");
  return n * 10;
});
const plain = task("plain", { checkpoint: false }, (n: number) => {
  calls.push(`plain ${n}`);
  return n + 1;
});

/** Runs a flow whose `fragile` task fails, then again as the next attempt, with what the cloud would know. */
async function twice(body: () => unknown, between: (known: KnownTaskRun[]) => KnownTaskRun[] = (known) => known) {
  const store = new RecordingStore();
  calls = [];
  broken = true;
  const first = await record(flow("f", body), { store });
  const known = between(knownAfter(first));
  calls = [];
  broken = false;
  store.writes.length = 0;
  const second = await record(flow("f", body), { store, attempt: 2, known });
  return { first, second, known, store };
}

test("finished task runs are not executed again: their values come from the store, and nothing is told of them", async () => {
  const { first, second, store } = await twice(async () => {
    const list = await load("mon");
    return await fragile(await size(list));
  });
  expect(first.end.state).toBe("Failed");
  expect(second.end).toEqual({ state: "Success", value: 20 });
  expect(calls).toEqual(["fragile 2"]);
  expect(store.reads).toHaveLength(2);
  expect([...second.runs.keys()]).toEqual([3]);
  expect(second.states("fragile")).toEqual(["Pending", "Running", "Success"]);
});

test("a value that nobody asks for is not read", async () => {
  const { second, store } = await twice(async () => await fragile(size(load("mon"))));
  expect(second.end.state).toBe("Success");
  expect(store.reads).toHaveLength(1);
});

test("a restored value keeps its origin: the edge is there again", async () => {
  const { second } = await twice(
    async () => {
      const list = await load("mon");
      await settle(fragile(1));
      return await size.with({ key: "new" })(list);
    },
    (known) => known.filter(({ key }) => key === undefined),
  );
  expect(second.find("size")?.declared.upstream).toEqual([1]);
});

test("success that was never written runs again only when its value is needed", async () => {
  const needed = await twice(async () => await fragile(await plain(1)));
  expect(calls).toEqual(["plain 1", "fragile 2"]);
  expect(needed.second.states("plain")).toEqual(["Pending", "Running", "Success"]);
  const unneeded = await twice(async () => {
    void plain(1);
    return await fragile.with({ after: [plain(2)] })(1);
  });
  expect(calls).toEqual(["fragile 1"]);
  expect(unneeded.second.runs.size).toBe(1);
});

test("running again, it asks for its own inputs: those that were never written run again too", async () => {
  await twice(async () => await fragile(plain(plain(1))));
  expect(calls).toEqual(["plain 1", "plain 2", "fragile 3"]);
});

test("new task runs get numbers after the highest known one", async () => {
  const { second } = await twice(async () => {
    const n = await fragile(1);
    return [await size(["a"]), n];
  });
  expect(second.find("size")?.declared.number).toBe(2);
});

test("call order decides who is who; a key holds where the order changes", async () => {
  let order = ["a", "b"];
  const body = async () => {
    for (const name of order) await load.with({ key: name })(name);
    order = ["b", "c", "a"];
    return await fragile(1);
  };
  const { second } = await twice(body);
  expect(calls).toEqual(["load c", "fragile 1"]);
  expect(second.find("load", 1)?.declared).toMatchObject({ key: "c", number: 4 });
});

test("a key that is used twice is refused by name", async () => {
  const keyed = load.with({ key: "k" });
  const { end } = await record(flow("f", async () => [await keyed("a"), await keyed("b")]));
  expect(end).toMatchObject({
    error: { message: expect.stringContaining('"load" was called twice with the key "k"') as string },
  });
});

test("task runs that are not called again are told: the code has changed", async () => {
  let again = true;
  const { second } = await twice(async () => {
    if (again) await load("mon");
    again = false;
    return await fragile(1);
  });
  expect(second.events).toContainEqual(
    expect.objectContaining({
      kind: "log",
      text: expect.stringContaining("1 task runs of an earlier attempt were not called again: load #1.") as string,
    }),
  );
});

test("skipped stays skipped", async () => {
  const none = task("none", (): number => {
    calls.push("none");
    throw skip("none");
  });
  const { second } = await twice(async () => {
    const value = await none();
    void size(none() as never);
    await fragile(1);
    return value;
  });
  expect(second.end).toEqual({ state: "Success", value: undefined });
  expect(calls).toEqual(["fragile 1"]);
});

test("mapped children restart one by one; their parent says nothing again", async () => {
  const { second, store } = await twice(async () => {
    const list = await load("mon");
    return await fragile.map(await picky.map(list.map((_, index) => index)));
  });
  expect(calls).toEqual(["fragile 0", "fragile 10"]);
  expect(second.end).toEqual({ state: "Success", value: [0, 100] });
  expect(second.find("picky")).toBeUndefined();
  expect(second.find("fragile")).toBeUndefined();
  expect(store.reads).toHaveLength(3);
});

const picky = task("picky", (n: number) => {
  calls.push(`picky ${n}`);
  return n * 10;
});

test("only the children that did not succeed run again", async () => {
  const half = task("half", (n: number, by: number) => {
    calls.push(`half ${n}`);
    if (broken && n === 1) throw new Error("one");
    return n * by;
  });
  const { second } = await twice(async () => await half.map([0, 1, 2], unmapped(5)));
  expect(calls).toEqual(["half 1"]);
  expect(second.end).toEqual({ state: "Success", value: [0, 5, 10] });
  expect([...second.runs.values()].map(({ declared }) => declared.mapIndex)).toEqual([1]);
});

test("a map whose children all succeeded needs neither them nor its inputs", async () => {
  const { second, store } = await twice(async () => {
    const doubled = picky.map(plainList());
    return await fragile(await size(doubled as never));
  });
  expect(calls).toEqual(["fragile 2"]);
  expect(second.runs.size).toBe(1);
  expect(store.reads).toHaveLength(1);
});

const plainList = task("plain-list", { checkpoint: false }, () => {
  calls.push("plain-list");
  return [1, 2];
});

test("its list is read when somebody wants it, index by index or whole", async () => {
  const { second } = await twice(async () => {
    const doubled = picky.map(plainList());
    const on = fragile.map(doubled);
    return [await doubled, await on];
  });
  expect(calls).toEqual(["fragile 10", "fragile 20"]);
  expect(second.end).toEqual({
    state: "Success",
    value: [
      [10, 20],
      [100, 200],
    ],
  });
});

test("another number of children is told by the parent, and mapped anew", async () => {
  let numbers = [1, 2];
  const { second } = await twice(async () => {
    const mapped = picky.map(numbers);
    await mapped;
    await fragile(1).catch(() => undefined);
    if (broken) numbers = [1, 2, 3];
    if (broken) throw new Error("broken");
    return await mapped;
  });
  expect(calls).toEqual(["picky 3", "fragile 1"]);
  expect(second.find("picky")?.events.map(({ mapCount }) => mapCount)).toEqual([3]);
  expect(second.end).toEqual({ state: "Success", value: [10, 20, 30] });
});

test("a mapped run of an earlier attempt whose input fails now says so", async () => {
  const source = task("source", { checkpoint: false }, () => {
    if (!broken) throw new Error("gone");
    return [1, 2];
  });
  const { second } = await twice(async () => await fragile.map(source()));
  expect(second.states("fragile")).toEqual(["Pending", "TriggerFailed"]);
  expect(second.end.state).toBe("Failed");
});

test("cancelled before it could go on, a mapped run of an earlier attempt says nothing more", async () => {
  const known: KnownTaskRun[] = [{ number: 1, task: "picky", ordinal: 0, state: "Mapped", tryNumber: 0, mapCount: 2 }];
  const never = task("never", async () => await new Promise<number[]>(() => undefined));
  let current: FlowRun | undefined;
  const body = async () => {
    const mapped = picky.map(never());
    setImmediate(() => current?.cancel(20));
    return await mapped;
  };
  const recorded = await record(flow("f", body), { known, attempt: 2, begun: (begun) => void (current = begun) });
  expect(recorded.end.state).toBe("Cancelled");
  expect([...recorded.runs.values()].map(({ declared }) => declared.task)).toEqual(["never"]);
});

test("what a map comes after, and begins again because its value is needed elsewhere, is waited for", async () => {
  const known: KnownTaskRun[] = [{ number: 1, task: "plain", ordinal: 0, state: "Success", tryNumber: 1 }];
  broken = false;
  const body = async () => {
    const lost = plain(1);
    const mapped = picky.with({ after: [lost] }).map([1, 2]);
    const other = fragile(lost);
    return [await mapped, await other];
  };
  const { end } = await record(flow("f", body), { known, attempt: 2 });
  expect(end).toEqual({ state: "Success", value: [[10, 20], 20] });
});

test("a wait for a further try goes on until the same moment", async () => {
  const now = Date.now();
  const known: KnownTaskRun[] = [
    { number: 1, task: "fragile", ordinal: 0, state: "Retrying", tryNumber: 2, startTime: now + 60 },
  ];
  broken = false;
  const { find, end } = await record(
    flow("f", async () => await fragile(1)),
    { known, attempt: 2 },
  );
  expect(end.state).toBe("Success");
  const events = find("fragile")?.events ?? [];
  expect(events.map(({ state, tryNumber }) => [state, tryNumber])).toEqual([
    ["Retrying", 2],
    ["Running", 3],
    ["Success", undefined],
  ]);
  expect(events[0]?.startTime).toBe(now + 60);
});

test("a try that its process did not survive does not count", async () => {
  const known: KnownTaskRun[] = [{ number: 1, task: "tries", ordinal: 0, state: "Running", tryNumber: 2 }];
  const tries = task("tries", { retries: 2, retryDelay: 0 }, () => {
    throw new Error(String(run.tryNumber));
  });
  const { end } = await record(
    flow("f", async () => await tries()),
    { known, attempt: 2 },
  );
  expect(end).toMatchObject({ error: { message: "3" } });
});

test("a result that cannot be read fails who needs it, by name, and is not retried as if code had failed", async () => {
  const lost = (known: KnownTaskRun[]) =>
    known.map((run_) => (run_.location === undefined ? run_ : { ...run_, location: "memory:gone" }));
  const handed = await twice(async () => await fragile.with({ retries: 3, retryDelay: 0 })(size(load("mon"))), lost);
  expect(handed.second.end).toMatchObject({ state: "Failed", error: { code: "RESULT_READ_FAILED" } });
  expect(handed.second.states("fragile")).toEqual(["Pending", "Failed"]);
  const awaited = await twice(async () => await fragile(await size(["a"])), lost);
  expect(awaited.second.end).toMatchObject({
    error: {
      code: "RESULT_READ_FAILED",
      message: expect.stringContaining('the task "size" (task run 1) is needed again') as string,
    },
  });
});

test("a location without a store to read it is told", async () => {
  const known: KnownTaskRun[] = [
    { number: 1, task: "size", ordinal: 0, state: "Success", tryNumber: 1, location: "file:///x" },
  ];
  const { end } = await record(
    flow("f", async () => await size([])),
    { known, attempt: 2 },
  );
  expect(end).toMatchObject({ error: { message: expect.stringContaining("no store is attached") as string } });
});

test("10,000 finished task runs are skipped", async () => {
  const known = Array.from({ length: 10_000 }, (_, index): KnownTaskRun => {
    return { number: index + 1, task: "size", ordinal: index, state: "Success", tryNumber: 1, location: "x" };
  });
  const body = () => {
    for (let index = 0; index < 10_000; index += 1) void size([]);
  };
  const { end, runs } = await record(flow("f", body), { known, attempt: 2 });
  expect(end.state).toBe("Success");
  expect(runs.size).toBe(0);
});

test("whoever comes after a map waits while a child of it that was never written runs again", async () => {
  const lost = task("lost", { checkpoint: false }, async (n: number) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return n;
  });
  const { second } = await twice(
    async () => {
      const values = lost.map([1, 2, 3]);
      const next = fragile.map(values);
      const after = size.with({ after: [values] })(["x"]);
      return [await next, await after];
    },
    (known) => known.filter(({ task: name }) => name !== "size"),
  );
  expect(second.end).toMatchObject({ state: "Success", value: [[10, 20, 30], 1] });
});

test("a map that has not begun all its children waits for one that runs again for somebody else", async () => {
  const lost = task("lost", { checkpoint: false }, async (n: number) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return n;
  });
  const second = task("second", (n: number) => {
    if (broken && n === 1) throw new Error("broken");
    return n;
  });
  const last = task("last", () => {
    if (broken) throw new Error("broken");
    return 1;
  });
  const { second: again } = await twice(async () => {
    const values = lost.map([0, 1, 2]);
    const next = second.map(values);
    const after = last.with({ after: [values] })();
    await settle(next);
    return await after;
  });
  expect(again.end).toEqual({ state: "Success", value: 1 });
  expect(again.states("last")).toEqual(["Pending", "Running", "Success"]);
});
