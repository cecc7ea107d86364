import type { RunEvent } from "@weir/protocol";
import { expect, test } from "vitest";
import { accepts, type Ending, lastEvents, moreFinal } from "./ending.ts";

const release: Ending = { why: "release", reason: "drain" };
const cancel: Ending = { why: "cancel", graceMs: 1_000 };
const lease: Ending = { why: "lease" };
const lost: Ending = { why: "lost", reason: "stale" };
const flow = (state: "Running" | "Success" | "Failed"): RunEvent => ({ kind: "flow", at: 1, state });
const task: RunEvent = { kind: "task", at: 1, number: 1, state: "Success" };
const exit = { code: 0, signal: null };

test("an ending gives way only to a more final one", () => {
  expect(moreFinal(null, release)).toBe(release);
  expect(moreFinal(release, cancel)).toBe(cancel);
  expect(moreFinal(cancel, release)).toBe(cancel);
  expect(moreFinal(lost, lease)).toBe(lost);
  expect(moreFinal(lost, { why: "close" })).toEqual({ why: "close" });
  expect(moreFinal(cancel, { why: "cancel", graceMs: 2 })).toBe(cancel);
});

test("after a release what the child did still counts, but not that it says it failed; after a fence nothing counts", () => {
  expect([task, flow("Success"), flow("Failed")].map((event) => accepts(release, event))).toEqual([true, true, false]);
  expect([task, flow("Success")].map((event) => accepts(lease, event))).toEqual([false, false]);
  expect([task, flow("Failed")].map((event) => accepts(cancel, event))).toEqual([true, true]);
  expect(accepts(null, flow("Failed"))).toBe(true);
});

test("the runner's own last word: crashed, cancelled, failed, or none when another attempt is to go on", () => {
  expect(lastEvents(null, exit, "", 7)).toMatchObject([
    { at: 7, state: "Crashed", failure: { code: "PROCESS_EXITED" } },
  ]);
  expect(lastEvents(cancel, null, "", 7)).toMatchObject([
    { state: "Cancelled", message: "Cancelled. The flow's process was stopped." },
  ]);
  const failure = { name: "X", message: "why", code: "CODE_CHANGED" as const };
  expect(lastEvents({ why: "failure", state: "Failed", failure }, null, "", 7)).toMatchObject([
    { state: "Failed", failure, message: "why" },
  ]);
  for (const ending of [release, lease, lost, { why: "close" } as const])
    expect(lastEvents(ending, exit, "", 7)).toEqual([]);
});
