import { expect, test } from "vitest";
import { flow } from "../flow/flow.ts";
import { flatten, unmapped } from "../handle.ts";
import { settle } from "../settle.ts";
import { skip } from "../signals.ts";
import { record } from "../testing/recorded-run.ts";
import { task } from "./task.ts";

const add = task("add", (a: number, b: number) => a + b);
const double = task("double", { retries: 5 }, async (n: number) => n * 2);
const total = task("total", (list: readonly number[]) => list.reduce((sum, n) => sum + n, 0));
const boom = task("boom", { retries: 5 }, (): number => {
  throw new RangeError("boom");
});

test("outside a flow a task is just its function, called at once", async () => {
  let called = false;
  const note = task("note", () => {
    called = true;
    return 7;
  });
  const value = note();
  expect(called).toBe(true);
  expect(await value).toBe(7);
  await expect(boom()).rejects.toThrow(RangeError);
});

test("outside a flow runs may be handed on, mapped and settled all the same", async () => {
  expect(await add(double(2), 1)).toBe(5);
  expect(await total([double(1), 5])).toBe(7);
  expect(await add.map([1, 2], unmapped(double(5)))).toEqual([11, 12]);
  expect(await double.map(flatten([[1], [2, 3]]))).toEqual([2, 4, 6]);
  expect(await double.map(double.map([1]))).toEqual([4]);
  expect(await settle(double(1))).toEqual({ state: "Success", value: 2 });
  expect(await settle(boom())).toMatchObject({ state: "Failed", failure: { message: "boom" } });
  await expect(add.map([1, 2], [1])).rejects.toThrow("lists of one length");
});

test("inside another task it is just its function too: one task run, no edges", async () => {
  const outer = task("outer", async () => await add(double(2), 1));
  const { end, runs } = await record(flow("f", async () => await outer()));
  expect(end).toEqual({ state: "Success", value: 5 });
  expect(runs.size).toBe(1);
});

test("with() changes options for one call, and leaves the task as it was", async () => {
  const tagged = double.with({ tags: ["nightly"], runName: "twice" }).with({ key: "k" });
  const { find, runs } = await record(flow("f", async () => [await tagged(1), await double(1)]));
  expect(find("double")?.declared).toMatchObject({ tags: ["nightly"], runName: "twice", key: "k" });
  expect([...runs.values()][1]?.declared).not.toHaveProperty("tags");
  expect(tagged.taskName).toBe("double");
});

test("what is rendered from data is cut to what may cross, not refused", async () => {
  const long = double.with({ runName: "x".repeat(1_000) });
  const unnamed = double.with({ runName: "" });
  const skipped = task("skipped", () => {
    throw skip("x".repeat(100_000));
  });
  const { end, find } = await record(
    flow("f", async () => [await long(1), await long.map([1]), await unnamed(1), await skipped()]),
  );
  expect(end.state).toBe("Success");
  expect(find("double")?.declared.runName).toHaveLength(200);
  expect(find("double", 1, 0)?.declared.runName).toMatch(/^x{180}\[0\]$/);
  expect(find("double", 2)?.declared).not.toHaveProperty("runName");
});

test("what is no task is told", () => {
  expect(() => task("", () => 1)).toThrow("The name of a task must be a text of 1 to 200 characters.");
  expect(() => task("x".repeat(201), () => 1)).toThrow("1 to 200 characters");
  expect(() => task("x", {} as never)).toThrow('The task "x" has no function');
  expect(() => double.with({ key: "" })).toThrow("The name of a key must be a text");
  expect(() => double.with({ tags: ["x".repeat(201)] })).toThrow("The name of a tag must be a text");
  expect(() => double.with({ tags: Array.from({ length: 51 }, String) })).toThrow(
    "51 tags are too many; the most is 50.",
  );
  expect(() => double.with({ retries: -1 })).toThrow('retries of the task "double" is -1');
});
