import type { KnownTaskRun } from "@weir/protocol";
import { expect, test } from "vitest";
import { hasSucceeded, isKept, KnownRuns, triesBehind } from "./known-runs.ts";

const run = (over: Partial<KnownTaskRun> = {}): KnownTaskRun => ({
  number: 1,
  task: "t",
  ordinal: 0,
  state: "Success",
  tryNumber: 1,
  ...over,
});

test("a task run is recognised by name, order or key, and index, once", () => {
  const known = new KnownRuns([
    run(),
    run({ number: 2, ordinal: 1 }),
    run({ number: 3, key: "k" }),
    run({ number: 4, mapIndex: 0 }),
    run({ number: 9, task: "u" }),
  ]);
  expect(known.nextNumber()).toBe(10);
  expect(known.take({ task: "t", ordinal: 0 })?.number).toBe(1);
  expect(known.take({ task: "t", ordinal: 0 })).toBeNull();
  expect(known.take({ task: "t", ordinal: 7, key: "k" })?.number).toBe(3);
  expect(known.take({ task: "t", ordinal: 0, mapIndex: 0 })?.number).toBe(4);
  expect(known.take({ task: "t", ordinal: 2 })).toBeNull();
  expect(known.left().map(({ number }) => number)).toEqual([2, 9]);
});

test("names that look like another identity are not mistaken for it", () => {
  const known = new KnownRuns([run({ task: "t", key: "#0" })]);
  expect(known.take({ task: "t", ordinal: 0 })).toBeNull();
});

test.each<[Partial<KnownTaskRun>, boolean, boolean]>([
  [{ state: "Success", location: "x" }, true, true],
  [{ state: "Success" }, true, false],
  [{ state: "Skipped" }, true, true],
  [{ state: "Mapped", mapCount: 2 }, false, false],
  [{ state: "Failed" }, false, false],
  [{ state: "Running" }, false, false],
])("%j: succeeded %s, kept %s", (over, succeeded, kept) => {
  expect(hasSucceeded(run(over))).toBe(succeeded);
  expect(isKept(run(over))).toBe(kept);
});

test.each<[Partial<KnownTaskRun>, number]>([
  [{ state: "Running", tryNumber: 2 }, 1],
  [{ state: "Cancelling", tryNumber: 1 }, 0],
  [{ state: "Retrying", tryNumber: 2 }, 2],
  [{ state: "Pending", tryNumber: 0 }, 0],
  [{ state: "Failed", tryNumber: 4 }, 0],
])("%j has %d tries behind it", (over, tries) => {
  expect(triesBehind(run(over))).toBe(tries);
});
