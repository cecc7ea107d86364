import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { RunEvent } from "@weir/protocol";
import { expect, test } from "vitest";
import { flow } from "../flow/flow.ts";
import { task } from "../task/task.ts";
import { eventually } from "../testing/eventually.ts";
import { record, RecordingSink } from "../testing/recorded-run.ts";
import { ReadyQueue } from "./ready-queue.ts";

/** Says which of some objects are still held by somebody. */
class Garbage {
  readonly #watched: WeakRef<object>[] = [];
  readonly #collect: () => void;

  constructor() {
    setFlagsFromString("--expose-gc");
    this.#collect = runInNewContext("gc") as () => void;
  }

  watch<T extends object>(one: T): T {
    this.#watched.push(new WeakRef(one));
    return one;
  }

  left(): number {
    this.#collect();
    return this.#watched.filter((one) => one.deref() !== undefined).length;
  }
}

const one = task("one", (n: number) => n);

test("first come, first served", async () => {
  const order: number[] = [];
  const queue = new ReadyQueue({ open: true, onOpen: () => undefined });
  for (let i = 0; i < 3_000; i += 1) queue.push({ start: () => order.push(i) });
  await eventually(() => expect(order).toHaveLength(3_000));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("tasks that never wait let the event loop turn all the same", async () => {
  let turns = 0;
  let counting = true;
  const count = () => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  const body = async () => {
    setImmediate(count);
    for (let i = 0; i < 2_000; i += 1) await one(i);
    counting = false;
    return turns;
  };
  const { end } = await record(flow("f", body));
  expect(end.state === "Success" && (end.value as number) > 10).toBe(true);
});

test("tasks that compute let it turn after each", async () => {
  const busy = task("busy", () => {
    const until = performance.now() + 6;
    while (performance.now() < until);
  });
  let turned = 0;
  const body = async () => {
    const runs = Array.from({ length: 8 }, () => busy());
    const count = () => {
      turned += 1;
      setImmediate(count).unref();
    };
    setImmediate(count);
    await Promise.all(runs);
    return turned;
  };
  const { end } = await record(flow("f", body));
  expect(end.state === "Success" && (end.value as number) >= 6).toBe(true);
});

test("nothing is started while the events cannot be taken; what runs may end", async () => {
  const sink = new RecordingSink();
  const release = Promise.withResolvers<void>();
  const slow = task("slow", async () => await release.promise);
  const body = async () => {
    const running = slow();
    await new Promise((resolve) => setImmediate(resolve));
    sink.open = false;
    const waiting = Promise.all([one(1), one.map([1, 2])]);
    release.resolve();
    await running;
    await new Promise((resolve) => setTimeout(resolve, 10));
    const states = sink.events.flatMap((event) => (event.kind === "task" ? [event.state] : []));
    sink.go();
    await waiting;
    return states;
  };
  const { end } = await record(flow("f", body), { sink });
  expect(end).toEqual({ state: "Success", value: ["Running", "Success"] });
});

test("when the events cannot be taken any more, a slice that has begun stops too", async () => {
  class Narrow extends RecordingSink {
    override emit(event: RunEvent): void {
      super.emit(event);
      if (this.events.length === 110) this.open = false;
    }
  }
  const sink = new Narrow();
  const body = async () => {
    const all = Promise.all(Array.from({ length: 100 }, (_, n) => one(n)));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const started = sink.events.filter((event) => event.kind === "task" && event.state === "Running").length;
    sink.go();
    await all;
    return started;
  };
  const { end } = await record(flow("f", body), { sink });
  expect(end).toEqual({ state: "Success", value: 5 });
});

test("a queue that never runs empty does not hold what it has started", async () => {
  const garbage = new Garbage();
  const queue = new ReadyQueue({ open: true, onOpen: () => undefined });
  const again = { stopped: false, start: () => void (again.stopped || queue.push(again)) };
  for (let i = 0; i < 5; i += 1) queue.push(garbage.watch({ start: () => undefined }));
  for (let i = 0; i < 2_000; i += 1) queue.push({ start: () => undefined });
  queue.push(again);
  await eventually(() => expect(garbage.left()).toBe(0));
  again.stopped = true;
});

test("a task run that has ended does not hold its inputs", async () => {
  const garbage = new Garbage();
  const runs: unknown[] = [];
  const take = task("take", (input: object) => Object.keys(input).length);
  const body = async () => {
    runs.push(take(garbage.watch({})), take.map([garbage.watch({})]));
    await Promise.all(runs);
  };
  await record(flow("f", body));
  await eventually(() => expect(garbage.left()).toBe(0));
  expect(runs).toHaveLength(2);
});
