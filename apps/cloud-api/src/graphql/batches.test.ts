import { expect, test } from "vitest";
import { createBatches } from "./batches.ts";

function recordingRead() {
  const calls: (readonly string[])[] = [];
  const read = (keys: readonly string[]) => {
    calls.push(keys);
    return Promise.resolve(new Map(keys.filter((key) => key !== "absent").map((key) => [key, key.toUpperCase()])));
  };
  return { calls, read };
}

test("keys asked for within one turn become one read, each once", async () => {
  const batches = createBatches();
  const { calls, read } = recordingRead();
  const answers = await Promise.all(["a", "b", "a"].map((key) => batches.ask("letters", key, read)));
  expect(answers).toEqual(["A", "B", "A"]);
  expect(calls).toEqual([["a", "b"]]);
});

test("a key without a value is undefined", async () => {
  const { read } = recordingRead();
  expect(await createBatches().ask("letters", "absent", read)).toBeUndefined();
});

test("two names are two reads", async () => {
  const batches = createBatches();
  const { calls, read } = recordingRead();
  await Promise.all([batches.ask("first 1", "a", read), batches.ask("first 2", "a", read)]);
  expect(calls).toEqual([["a"], ["a"]]);
});

test("nothing is remembered: a later question is read again", async () => {
  const batches = createBatches();
  const { calls, read } = recordingRead();
  await batches.ask("letters", "a", read);
  await batches.ask("letters", "a", read);
  expect(calls).toHaveLength(2);
});

test("a read that fails fails everyone who asked, and the next question is read afresh", async () => {
  const batches = createBatches();
  const broken = () => Promise.reject(new Error("the database is away"));
  const asked = await Promise.allSettled([batches.ask("letters", "a", broken), batches.ask("letters", "b", broken)]);
  expect(asked.map((answer) => answer.status)).toEqual(["rejected", "rejected"]);
  const { read } = recordingRead();
  expect(await batches.ask("letters", "a", read)).toBe("A");
});
