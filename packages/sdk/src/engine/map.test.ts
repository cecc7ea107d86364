import { expect, test } from "vitest";
import { run } from "../context/run.ts";
import { flow } from "../flow/flow.ts";
import { flatten, type MapInput, unmapped } from "../handle.ts";
import { settle } from "../settle.ts";
import { skip } from "../signals.ts";
import { task } from "../task/task.ts";
import { record } from "../testing/recorded-run.ts";

const list = task("list", async () => [1, 2, 3]);
const double = task("double", async (n: number) => n * 2);
const add = task("add", (a: number, b: number) => a + b);
const sum = task("sum", (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0));
const odd = task("odd", (n: number) => {
  if (n % 2 === 0) throw new RangeError(`${n} is even`);
  return n;
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("a mapped run has a parent, a child for each index, and the list as its value", async () => {
  const { end, runs, find, states } = await record(flow("f", async () => await double.map([5, 6])));
  expect(end).toEqual({ state: "Success", value: [10, 12] });
  expect(runs.size).toBe(3);
  expect(states("double")).toEqual(["Pending", "Mapped"]);
  expect(find("double")?.events[0]?.mapCount).toBe(2);
  expect(find("double", 0, 1)?.declared).toMatchObject({ parent: 1, mapIndex: 1, number: 3 });
  expect(states("double", 0, 1)).toEqual(["Pending", "Running", "Success"]);
});

test("over a run that will have a list, with a value that all children share", async () => {
  const body = async () => await sum(add.map(list(), unmapped(double(5))));
  const { end, find } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: 36 });
  expect(find("add")?.declared.upstream).toEqual([1, 2]);
  expect(find("sum")?.declared.upstream).toEqual([3]);
});

test("over several lists of one length, over runs in a list, over an empty list", async () => {
  const body = async () => {
    const both = await add.map([1, 2], [10, 20]);
    const runs = await double.map([double(1), 7]);
    return [both, runs, await double.map([])];
  };
  const { end } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: [[11, 22], [4, 14], []] });
});

test("flatten maps over a list of lists as one", async () => {
  const pages = task("pages", (n: number) => [n, n + 1]);
  const body = async () => [await double.map(flatten([[1], [2, 3]])), await double.map(flatten(pages.map([1, 10])))];
  const { end } = await record(flow("f", body));
  expect(end).toEqual({
    state: "Success",
    value: [
      [2, 4, 6],
      [2, 4, 20, 22],
    ],
  });
});

test("map over map goes index by index, without a barrier", async () => {
  const release = Promise.withResolvers<void>();
  const ended: string[] = [];
  const first = task("first", async (n: number) => {
    if (n === 0) await release.promise;
    return n;
  });
  const second = task("second", async (n: number) => {
    ended.push(`second ${n}`);
    if (n === 2) release.resolve();
    return n;
  });
  const { end, find } = await record(flow("f", async () => await second.map(first.map([0, 1, 2]))));
  expect(ended).toEqual(["second 1", "second 2", "second 0"]);
  expect(end).toEqual({ state: "Success", value: [0, 1, 2] });
  expect(find("second")?.declared.upstream).toEqual([1]);
});

test("map over two mapped runs waits, for each index, for both", async () => {
  const body = async () => await add.map(double.map([1, 2, 3]), double.map(list()));
  expect((await record(flow("f", body))).end).toEqual({ state: "Success", value: [4, 8, 12] });
});

test("maxConcurrency bounds the children that run at the same time", async () => {
  let running = 0;
  let most = 0;
  const third = Promise.withResolvers<void>();
  const busy = task("busy", { maxConcurrency: 3 }, async (n: number) => {
    running += 1;
    most = Math.max(most, running);
    // Nobody ends before the third is there; twenty turns more would let a fourth begin.
    if (running === 3) third.resolve();
    await third.promise;
    for (let turns = 0; turns < 20; turns += 1) await turn();
    running -= 1;
    return n;
  });
  const { end } = await record(flow("f", async () => await busy.map(Array.from({ length: 20 }, (_, i) => i))));
  expect(most).toBe(3);
  expect(end.state).toBe("Success");
});

test.each<[string, () => PromiseLike<unknown>, string]>([
  ["unequal lengths", () => add.map([1, 2], [1]), "its input 1 has 2 elements, its input 2 has 1"],
  ["unequal lengths of runs", () => add.map(list(), double.map([1])), "its input 1 has 3 elements, its input 2 has 1"],
  ["no list at all", () => double.map(unmapped(1)), "none of its inputs is a list"],
  [
    "something that is no list",
    () => double.map(7 as unknown as MapInput<number>),
    "its input 1 is a value of the type number",
  ],
  [
    "a run that gives no list",
    () => double.map(double(1) as unknown as MapInput<number>),
    "its input 1 is a value of the type number",
  ],
  [
    "flatten of no lists",
    () => double.map(flatten(list() as never)),
    "its input 1 is a value of the type number, not a list",
  ],
])("%s cannot be mapped, and is not retried", async (_name, call, sentence) => {
  const { end, events } = await record(flow("f", async () => await call()));
  expect(end).toMatchObject({ state: "Failed", error: { code: "MAP_INVALID" } });
  expect(events.at(-1)).toMatchObject({ failure: { message: expect.stringContaining(sentence) as string } });
});

test("children that failed are told together to who awaits the list; the others run on", async () => {
  const { end, states } = await record(flow("f", async () => await odd.map([1, 2, 3, 4])));
  expect(end).toMatchObject({ state: "Failed", error: { errors: [RangeError("2 is even"), RangeError("4 is even")] } });
  expect((end as { error: Error }).error.message).toBe(
    '2 of the 4 children of the task "odd" (task run 1) did not succeed. The first: 2 is even',
  );
  expect(states("odd")).toEqual(["Pending", "Mapped"]);
  expect(states("odd", 0, 2)).toEqual(["Pending", "Running", "Success"]);
});

test("a list with a failed child does not arrive; a mapped run over it fails only there", async () => {
  const body = async () => {
    const checked = odd.map([1, 2, 3]);
    const doubled = double.map(checked);
    return [await settle(sum(checked)), (await settle(doubled)).children.map(({ state }) => state)];
  };
  const { end, find } = await record(flow("f", body));
  expect(end).toMatchObject({
    state: "Success",
    value: [{ state: "TriggerFailed", failure: { code: "UPSTREAM_FAILED" } }, ["Success", "TriggerFailed", "Success"]],
  });
  expect(find("double", 0, 1)?.events[0]?.failure?.message).toBe(
    'The task "double" did not run: its input 1, the task "odd" (task run 5, index 1), did not succeed.',
  );
});

test("a mapped run that nobody awaited fails the flow once", async () => {
  const { end, events } = await record(flow("f", () => void odd.map([2, 4])));
  expect(end).toMatchObject({ state: "Failed" });
  expect(events.at(-1)).toMatchObject({
    message: expect.stringMatching(/^Failed because of the task "odd" \(task run 1\)\. /) as string,
  });
});

test("skipped children skip what takes the list, and the child of their index", async () => {
  const some = task("some", (n: number) => {
    if (n === 2) throw skip("two");
    return n;
  });
  const body = async () => {
    const mapped = some.map([1, 2]);
    const total = await sum(mapped);
    return [await mapped, total, await double.map(mapped)];
  };
  const { end, states } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: [[1, undefined], undefined, [2, undefined]] });
  expect(states("sum")).toEqual(["Pending", "Skipped"]);
  expect(states("double", 0, 1)).toEqual(["Pending", "Skipped"]);
});

test("what the mapped run itself needs and does not get: it is never mapped", async () => {
  const boom = task("boom", (): number[] => {
    throw new Error("boom");
  });
  const none = task("none", (): number => {
    throw skip("none");
  });
  const body = async () => {
    const failed = await settle(double.map(boom()));
    const later = await settle(double.map(double.map(boom())));
    const skipped = await settle(add.map([1], unmapped(none())));
    return [failed.state, later.state, skipped.state, failed.children];
  };
  const { end } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: ["TriggerFailed", "TriggerFailed", "Skipped", []] });
});

test("children know their index, retry one by one and carry the run's name", async () => {
  const flaky = task("flaky", { retries: 1, retryDelay: 0 }, (_n: number) => {
    if (run.mapIndex === 1 && run.tryNumber === 1) throw new Error("once");
    return run.mapIndex;
  });
  const body = async () => await flaky.with({ runName: "today", tags: ["x"] }).map([0, 0]);
  const { end, states, find } = await record(flow("f", body));
  expect(end).toEqual({ state: "Success", value: [0, 1] });
  expect(states("flaky", 0, 1)).toEqual(["Pending", "Running", "Retrying", "Running", "Success"]);
  expect(find("flaky")?.declared).toMatchObject({ runName: "today", tags: ["x"] });
  expect(find("flaky", 0, 1)?.declared).toMatchObject({ runName: "today[1]", tags: ["x"] });
});

test("10,000 children of a mapped run over a mapped run stay within 200 MiB", async () => {
  const numbers = Array.from({ length: 5_000 }, (_, i) => i);
  const before = process.memoryUsage().heapUsed;
  const { end, runs } = await record(flow("f", async () => (await double.map(double.map(numbers))).at(-1)));
  expect(end).toEqual({ state: "Success", value: 4_999 * 4 });
  expect(runs.size).toBe(10_002);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 * 1024);
});
