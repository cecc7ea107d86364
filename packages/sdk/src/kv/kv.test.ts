import { expect, test, vi } from "vitest";
import { JobFrame } from "../executors/job-frame.ts";
import { jobFor } from "../executors/testing/job.ts";
import { flow } from "../flow/flow.ts";
import { task } from "../task/task.ts";
import { testRun } from "../test-kit/index.ts";
import { kv, KvConflictError } from "./kv.ts";
import { processKv } from "./memory-kv.ts";

const move = task("move", async (by: number) => {
  const { value = 0, version = 0 } = (await kv.entry<number>("cursor")) ?? {};
  return await kv.set("cursor", value + by, { expectedVersion: version });
});
const moving = flow("moving", async () => {
  await move(1);
  await move(10);
  return await kv.get<number>("cursor");
});

test("a flow and its tasks read and write entries; a later run of the same cloud finds them", async () => {
  const first = await testRun(moving, undefined, { kv: { cursor: 100, other: ["x"] } });
  expect(first).toMatchObject({ state: "Success", value: 111, kv: { cursor: 111, other: ["x"] } });
  const second = await testRun(moving, undefined, { after: first });
  expect(second).toMatchObject({ value: 122, kv: { cursor: 122 } });
  expect((await testRun(moving)).value).toBe(11);
});

test("whoever expects another version than there is gets an error of a class of its own, which names the key", async () => {
  const meet = flow("meet", async () => {
    expect(await kv.get("none")).toBeUndefined();
    expect(await kv.entry("none")).toBeUndefined();
    expect(await kv.delete("none")).toBe(false);
    expect(await kv.set("shared", 1, { expectedVersion: 0 })).toBe(1);
    expect(await kv.set("shared", 2)).toBe(2);
    const late = await kv.set("shared", 3, { expectedVersion: 1 }).catch((error: unknown) => error);
    expect(late).toBeInstanceOf(KvConflictError);
    expect(late).toMatchObject({
      code: "KV_CONFLICT",
      key: "shared",
      message: expect.stringContaining("has version 2"),
    });
    await expect(kv.delete("shared", { expectedVersion: 1 })).rejects.toThrow(KvConflictError);
    expect(await kv.entry("shared")).toEqual({ value: 2, version: 2 });
    return await kv.delete("shared", { expectedVersion: 2 });
  });
  const { error, value, kv: entries } = await testRun(meet);
  expect(error).toBeUndefined();
  expect([value, entries]).toEqual([true, {}]);
});

test("without a cloud entries are this process's, the run says so once, and they are copies", async () => {
  const print = vi.spyOn(console, "warn").mockReturnValue();
  const inMemory = flow("in-memory", async () => {
    const value = { list: [1] };
    await kv.set("in-memory", value);
    value.list.push(2);
    return await kv.get("in-memory");
  });
  expect(await inMemory()).toEqual({ list: [1] });
  expect(print.mock.calls).toEqual([[expect.stringContaining("gone when it ends")]]);
  print.mockRestore();
  expect(await kv.get("in-memory")).toEqual({ list: [1] });
  expect(await kv.delete("in-memory")).toBe(true);
});

test.each([
  [new Map([[1, 2]]), "a Map"],
  [{ ids: new Set([1]) }, "a Set"],
  [{ n: 1n }, "a bigint"],
  [[Number.NaN], "NaN"],
  [() => 1, "a function"],
  [undefined, "it is undefined"],
  ["a\0b", "NUL"],
  [JSON.parse('{"constructor":1}'), '"constructor"'],
])("%o is not written: JSON would lose it", async (value, what) => {
  await expect(kv.set("lost", value)).rejects.toThrow(TypeError);
  await expect(kv.set("lost", value)).rejects.toThrow(what);
  expect(await kv.get("lost")).toBeUndefined();
});

test("too large a value, a key that is no name and a version that none can have are refused before anybody is asked", async () => {
  await expect(kv.set("large", "x".repeat(65_535))).rejects.toThrow(RangeError);
  for (const key of ["", "  ", "a\nb", "k".repeat(201), 7 as never])
    await expect(kv.get(key)).rejects.toThrow("is no name");
  for (const expectedVersion of [-1, 0.5, 2 ** 31])
    await expect(kv.delete("k", { expectedVersion })).rejects.toThrow(`cannot be ${expectedVersion}`);
  expect(await kv.set("date", { at: new Date(0), left: undefined })).toBe(1);
  expect(await kv.get("date")).toEqual({ at: "1970-01-01T00:00:00.000Z" });
});

test("where an executor has no way to the flow's process, the task is told so, and nothing is written", async () => {
  const job = jobFor("write", () => 1, []);
  const frame = new JobFrame(job.facts, job.signal, job);
  await expect(frame.run(() => kv.set("away", 1), [])).rejects.toMatchObject({
    code: "EXECUTOR_FAILED",
    message: expect.stringContaining('The key "away" cannot be asked for where this task runs') as string,
  });
  expect(await kv.get("away")).toBeUndefined();
  const answering = { ...job, askKv: processKv.ask.bind(processKv) };
  expect(await new JobFrame(job.facts, job.signal, answering).run(() => kv.set("here", 1), [])).toBe(1);
});
