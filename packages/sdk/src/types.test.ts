import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  flatten,
  type Flow,
  flow,
  type FlowRunOutcome,
  loopWith,
  type MappedRun,
  pause,
  resource,
  retryAfter,
  run,
  type Settled,
  settle,
  type SettledMap,
  someFailed,
  startFlowRun,
  succeedWith,
  task,
  type TaskOptions,
  type TaskRun,
  unmapped,
  waitForFlowRun,
} from "./index.ts";

// Compiled by `tsc`; run by vitest only so that the calls exist.
interface Order {
  readonly id: number;
}
const load = task("load", async (day: string): Promise<Order[]> => [{ id: day.length }]);
const total = task("total", (orders: readonly Order[], rate?: number) => orders.length * (rate ?? 1));
const label = task("label", { retries: 2, retryDelay: "10s" }, (order: Order, unit: string) => `${order.id} ${unit}`);
const count = task("count", (list: readonly string[]) => list.length);

test("inputs and outputs are inferred", () => {
  const body = () => {
    expectTypeOf(load("mon")).toEqualTypeOf<TaskRun<Order[]>>();
    expectTypeOf(total(load("mon"))).toEqualTypeOf<TaskRun<number>>();
    expectTypeOf(total([{ id: 1 }], total(load("x")))).toEqualTypeOf<TaskRun<number>>();
    expectTypeOf(load("mon")).toExtend<Promise<Order[]>>();
    // @ts-expect-error an order is no list of orders
    void total({ id: 1 });
    // @ts-expect-error a run of the wrong type
    void load(total([]));
    // @ts-expect-error too many arguments
    void load("mon", 2);
    // @ts-expect-error an argument is missing
    void load();
    // @ts-expect-error a plain promise makes no edge: await it, or make it a task
    void total(Promise.resolve([{ id: 1 }]));
  };
  expectTypeOf(body).toBeFunction();
});

test("a task takes runs in a list, and the settlement of a run where it declares one", () => {
  const judge = task("judge", (outcome: Settled<number>) => outcome.state);
  const judgeAll = task("judge-all", (outcome: SettledMap<string>) => outcome.children.length);
  const body = () => {
    void count([label({ id: 1 }, "kg"), "x"]);
    void judge(settle(total([])));
    void judgeAll(settle(label.map([{ id: 1 }], unmapped("kg"))));
    // @ts-expect-error the run itself is no settlement
    void judge(total([]));
  };
  expectTypeOf(body).toBeFunction();
});

test("map takes a list for each parameter, or unmapped, or flatten", () => {
  const body = () => {
    expectTypeOf(label.map(load("mon"), unmapped("kg"))).toEqualTypeOf<MappedRun<string>>();
    expectTypeOf(count(label.map([{ id: 1 }], ["kg"]))).toEqualTypeOf<TaskRun<number>>();
    void load.map(flatten([["mon"], ["tue"]]));
    void total.map(load.map(["mon"]));
    // @ts-expect-error not a list
    void label.map(load("mon"), "kg");
    // @ts-expect-error a list of the wrong type
    void load.map([1, 2]);
    // @ts-expect-error the shared value is of the wrong type
    void label.map(load("mon"), unmapped(3));
  };
  expectTypeOf(body).toBeFunction();
});

test("durations are literal types, unknown options do not compile", () => {
  const body = () => {
    task("x", { timeout: "1.5h", retries: ["1s", 500] }, () => 1);
    // @ts-expect-error a mistyped unit
    task("x", { timeout: "10 sceonds" }, () => 1);
    // @ts-expect-error no such option
    task("x", { retry: 3 }, () => 1);
    // @ts-expect-error options of a call are no options of a task
    task("x", { key: "k" }, () => 1);
    load.with({ key: "k", after: [total([])], timeout: 10 });
    // @ts-expect-error no such option
    load.with({ keys: "k" });
    task("x", { retries: 1, retryOn: [TypeError, (error) => error === 1] }, () => 1);
    // @ts-expect-error neither a class of errors nor a function that decides
    task("x", { retries: 1, retryOn: "TypeError" }, () => 1);
  };
  expectTypeOf(body).toBeFunction();
});

test("a flow's parameters come from its schema, or from its function", () => {
  const bySchema = flow(
    "a",
    { parameters: z.object({ day: z.string(), top: z.number().default(3) }) },
    ({ day, top }) => {
      expectTypeOf(day).toEqualTypeOf<string>();
      expectTypeOf(top).toEqualTypeOf<number>();
      return day.length + top;
    },
  );
  expectTypeOf(bySchema).toEqualTypeOf<Flow<{ day: string; top?: number | undefined }, number>>();
  const byFunction = flow("b", async ({ n }: { n: number }) => n);
  const without = flow("c", async () => "done");
  const body = async () => {
    expectTypeOf(await bySchema({ day: "mon" })).toEqualTypeOf<number>();
    expectTypeOf(await byFunction({ n: 1 })).toEqualTypeOf<number>();
    expectTypeOf(await without()).toEqualTypeOf<string>();
    // @ts-expect-error a parameter is missing
    await bySchema({});
    // @ts-expect-error parameters are missing
    await byFunction();
    // @ts-expect-error a parameter of the wrong type
    await byFunction({ n: "1" });
  };
  expectTypeOf(body).toBeFunction();
});

test("runs that a flow returns are its values; run() narrows by state", () => {
  const returns = flow("a", () => [load("mon"), total([])] as const);
  const body = async () => {
    expectTypeOf(await returns()).toEqualTypeOf<readonly [Order[], number]>();
    expectTypeOf(await flow("b", () => load("mon"))()).toEqualTypeOf<Order[]>();
    const ended = await returns.run();
    if (ended.state === "Success") expectTypeOf(ended.value).toEqualTypeOf<readonly [Order[], number]>();
    else expectTypeOf(ended.failure.message).toEqualTypeOf<string>();
  };
  expectTypeOf(body).toBeFunction();
});

test("settle narrows by what is there", () => {
  const body = async () => {
    const settled = await settle(total([]));
    if (settled.failure === undefined) expectTypeOf(settled.value).toEqualTypeOf<number>();
    else expectTypeOf(settled.failure.message).toEqualTypeOf<string>();
  };
  expectTypeOf(body).toBeFunction();
  expectTypeOf(run.signal).toEqualTypeOf<AbortSignal>();
});

test("options that take a choice take no other", () => {
  const body = () => {
    task("x", { trigger: "all_finished" }, () => 1);
    task("x", { trigger: someFailed({ atLeast: 2 }) }, () => 1);
    task("x", { trigger: (upstream) => upstream.every(({ state }) => state === "Success") }, () => 1);
    // @ts-expect-error no such trigger
    task("x", { trigger: "all_succesful" }, () => 1);
    // @ts-expect-error it needs an amount, so it is no name
    task("x", { trigger: "some_failed" }, () => 1);
    task("x", { cacheFor: "1h", cacheValidator: "allInputs", cacheKey: "k" }, () => 1);
    task("x", { cacheFor: "1h", cacheValidator: (cached) => cached.inputsEqual(0) }, () => 1);
    // @ts-expect-error no such validator
    task("x", { cacheFor: "1h", cacheValidator: "inputs" }, () => 1);
    task("x", { rerun: "never", holdFor: "1h", target: "{task}.json" }, () => 1);
    // @ts-expect-error neither allowed nor never
    task("x", { rerun: "once" }, () => 1);
  };
  expectTypeOf(body).toBeFunction();
});

test("a run name is a text, or a function of the task's own inputs; options that tasks share fit each of them", () => {
  const shared: TaskOptions = { retries: 2, runName: "{inputs.0}" };
  const body = () => {
    task(
      "x",
      { runName: (day, top) => `${day.toUpperCase()} ${top.toFixed()}` },
      (day: string, top: number) => day + top,
    );
    // @ts-expect-error the task's input is a number
    task("x", { runName: (day: string) => day }, (day: number) => day);
    task("x", shared, () => 1);
    task("x", shared, (day: string, top: number) => day + top);
    load.with({ runName: (day) => day.trim() });
  };
  expectTypeOf(body).toBeFunction();
});

test("handlers see both states, and may put in only what a handler may", () => {
  const body = () => {
    task("x", { stateHandlers: ({ from, to }) => void expectTypeOf(from).toEqualTypeOf(to.state) }, () => 1);
    task("x", { stateHandlers: [() => ({ state: "Skipped", message: "not today" }), async () => undefined] }, () => 1);
    task("x", { onFailure: async ({ to }) => to.failure?.message }, () => 1);
    // @ts-expect-error success has a value
    task("x", { stateHandlers: () => ({ state: "Success" }) }, () => 1);
    // @ts-expect-error nobody can make it run
    task("x", { stateHandlers: () => ({ state: "Running" }) }, () => 1);
    flow("x", { onFailure: () => undefined, onLeaseLost: "continue", referenceTasks: [load] }, () => 1);
    // @ts-expect-error no such choice
    flow("x", { onLeaseLost: "wait" }, () => 1);
    // @ts-expect-error not a task
    flow("x", { referenceTasks: ["load"] }, () => 1);
  };
  expectTypeOf(body).toBeFunction();
});

test("a resource is a run of what its setup gives, and its cleanup takes that", () => {
  const connection = resource("connection", {
    setup: async (url: string) => ({ url, query: (text: string) => text.length }),
    cleanup: (open) => expectTypeOf(open.query).toEqualTypeOf<(text: string) => number>(),
  });
  const use = task("use", (open: { url: string }) => open.url);
  const body = () => {
    expectTypeOf(use(connection("x"))).toEqualTypeOf<TaskRun<string>>();
    expectTypeOf(connection(use({ url: "x" }))).toExtend<Promise<{ url: string }>>();
    // @ts-expect-error its setup takes an address
    void connection(1);
    // @ts-expect-error without a cleanup it is a task
    resource("x", { setup: () => 1 });
  };
  expectTypeOf(body).toBeFunction();
});

test("a subflow is a task run of its value; another flow's run is its id, and then how it ended", () => {
  const inner = flow("inner", async ({ n }: { n: number }) => [n]);
  const body = async () => {
    expectTypeOf(inner({ n: 1 })).toEqualTypeOf<TaskRun<number[]>>();
    const id = startFlowRun(inner, { parameters: { n: 1 }, scheduledStartTime: new Date() });
    expectTypeOf(id).toEqualTypeOf<TaskRun<string>>();
    expectTypeOf(await waitForFlowRun(id, { raise: false })).toEqualTypeOf<FlowRunOutcome>();
    // @ts-expect-error a moment, not a text
    void startFlowRun("inner", { scheduledStartTime: "2026-01-01" });
    // @ts-expect-error an id, not a number
    void waitForFlowRun(1);
  };
  expectTypeOf(body).toBeFunction();
  expectTypeOf(run.loop.count).toEqualTypeOf<number>();
  expectTypeOf(run.loop.value).toBeUnknown();
  expectTypeOf(run.approved).toEqualTypeOf<boolean>();
});

test("signals are errors to throw", () => {
  expectTypeOf(pause).toEqualTypeOf<(message?: string) => Error>();
  expectTypeOf(succeedWith).returns.toEqualTypeOf<Error>();
  expectTypeOf(loopWith).parameter(0).toBeUnknown();
  const body = () => {
    // @ts-expect-error a duration or a moment
    throw retryAfter("soon");
  };
  expectTypeOf(body).toBeFunction();
});
