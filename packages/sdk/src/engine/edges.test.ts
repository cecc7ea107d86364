import { expect, test } from "vitest";
import { flow } from "../flow/flow.ts";
import { settle } from "../settle.ts";
import { task } from "../task/task.ts";
import { skip } from "../signals.ts";
import { record } from "../testing/recorded-run.ts";
import type { WeirError } from "../errors.ts";

const one = task("one", async () => 1);
const two = task("two", () => 2);
const rows = task("rows", async () => [{ id: 1 }]);
const add = task("add", (a: number, b: number) => a + b);
const count = task("count", (list: readonly unknown[]) => list.length);
const boom = task("boom", (): number => {
  throw new RangeError("boom");
});

test("a run that is handed on un-awaited makes the edge and hands its value over", async () => {
  const { end, find } = await record(flow("f", async () => await add(one(), two())));
  expect(end).toEqual({ state: "Success", value: 3 });
  expect(find("add")?.declared.upstream).toEqual([1, 2]);
  expect(find("one")?.declared).not.toHaveProperty("upstream");
});

test("an awaited object keeps its origin, so the edge is there too; a number has none", async () => {
  const body = async () => {
    const list = await rows();
    const n = await one();
    return [await count(list), await count(list.map((row) => ({ ...row }))), await add(n, 1)];
  };
  const { find } = await record(flow("f", body));
  expect(find("count")?.declared.upstream).toEqual([1]);
  expect(find("count", 1)?.declared).not.toHaveProperty("upstream");
  expect(find("add")?.declared).not.toHaveProperty("upstream");
});

test("awaited objects inside a list or a record make edges, one level deep", async () => {
  const make = task("make", (id: number) => ({ id }));
  const use = task("use", (_input: unknown) => 0);
  const body = async () => {
    const [a, b] = await Promise.all([make(1), make(2)]);
    await use([a, b]);
    await use({ a, other: 3 });
    await use({ deep: { a } });
  };
  const { find } = await record(flow("f", body));
  expect(find("use")?.declared.upstream).toEqual([1, 2]);
  expect(find("use", 1)?.declared.upstream).toEqual([1]);
  expect(find("use", 2)?.declared).not.toHaveProperty("upstream");
});

test("runs in a list are handed on as values, each an edge", async () => {
  const { end, find } = await record(flow("f", async () => await count([one(), two(), "three"])));
  expect(end).toEqual({ state: "Success", value: 3 });
  expect(find("count")?.declared.upstream).toEqual([1, 2]);
});

test("the same run handed over twice is one edge", async () => {
  const body = async () => {
    const a = one();
    return await add(a, a);
  };
  const { end, find } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: 2 });
  expect(find("add")?.declared.upstream).toEqual([1]);
});

test("after makes an edge for order alone", async () => {
  const order: string[] = [];
  const slow = task("slow", async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push("slow");
  });
  const quick = task("quick", () => void order.push("quick"));
  const { find } = await record(flow("f", async () => await quick.with({ after: [slow()] })()));
  expect(order).toEqual(["slow", "quick"]);
  expect(find("quick")?.declared.upstream).toEqual([1]);
});

test("an input that did not succeed is told by name, and never retried", async () => {
  const wants = task("wants", { retries: 3, retryDelay: 0 }, (_a: number, b: number) => b);
  const { end, find, states } = await record(flow("f", async () => await wants(1, boom())));
  expect(states("wants")).toEqual(["Pending", "TriggerFailed"]);
  expect(find("wants")?.events[0]?.failure).toMatchObject({
    code: "UPSTREAM_FAILED",
    message: 'The task "wants" did not run: its input 2, the task "boom" (task run 1), did not succeed.',
    cause: { name: "RangeError", message: "boom" },
  });
  expect(end).toMatchObject({ state: "Failed", error: { code: "UPSTREAM_FAILED" } satisfies Partial<WeirError> });
});

test("what it comes after must have succeeded too", async () => {
  const { find } = await record(flow("f", async () => await one.with({ after: [boom()] })()));
  expect(find("one")?.events[0]?.failure?.message).toContain('what it comes after, the task "boom"');
});

test("a skipped input skips the task before anything else is looked at, down the line", async () => {
  const none = task("none", (): number => {
    throw skip("nothing today");
  });
  const { end, states, find } = await record(flow("f", async () => await add(add(none(), 1), boom())));
  expect(states("none")).toEqual(["Pending", "Running", "Skipped"]);
  expect(find("none")?.events.at(-1)?.message).toBe("nothing today");
  expect(states("add")).toEqual(["Pending", "Skipped"]);
  expect(find("add")?.events[0]?.message).toBe(
    'Skipped because its input 1, the task "none" (task run 1), was skipped.',
  );
  expect(states("add", 1)).toEqual(["Pending", "Skipped"]);
  expect(end).toEqual({ state: "Success", value: undefined });
});

test("settle hands over how a run ended, and looks after its failure", async () => {
  const look = task("look", (a: { state: string }, b: { state: string }) => [a, b]);
  const { end, find } = await record(flow("f", async () => await look(settle(boom()), settle(one()))));
  expect(end).toMatchObject({
    state: "Success",
    value: [
      { state: "Failed", failure: { name: "RangeError", message: "boom" } },
      { state: "Success", value: 1 },
    ],
  });
  expect(find("look")?.declared.upstream).toEqual([1, 2]);
});

test("settle may be awaited, and stand in after", async () => {
  const body = async () => {
    const failed = boom();
    const { state, failure } = await settle(failed);
    await one.with({ after: [settle(failed)] })();
    return [state, failure?.message];
  };
  const { end } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: ["Failed", "boom"] });
});

test("a chain of 20,000 runs that are handed on does not overflow the stack", async () => {
  const next = task("next", (n: number) => n + 1);
  const body = async () => {
    let last = next(0);
    for (let i = 1; i < 20_000; i += 1) last = next(last);
    return await last;
  };
  const { end } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: 20_000 });
});

test("more inputs than an event may carry are cut in the graph, not in the run", async () => {
  const sum = task("sum", (a: readonly number[], b: readonly number[]) => a.length + b.length);
  const body = async () => {
    const many = Array.from({ length: 6_000 }, () => one());
    const more = Array.from({ length: 6_000 }, () => one());
    return await sum(many, more);
  };
  const { end, find } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: 12_000 });
  expect(find("sum")?.declared.upstream).toHaveLength(10_000);
});
