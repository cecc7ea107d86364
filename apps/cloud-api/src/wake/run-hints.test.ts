import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Pool } from "pg";
import { RunHints } from "./run-hints.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first change is told at once, those that follow together, each run once", async () => {
  const told: string[][] = [];
  const query = async (_text: string, [runIds]: [string[]]) => void told.push(runIds);
  const hints = new RunHints({ query } as unknown as Pool);
  for (const runId of ["a", "b", "b", "c", "a"]) hints.changed(runId);
  expect(told).toEqual([["a"]]);
  await vi.advanceTimersByTimeAsync(50);
  expect(told).toEqual([["a"], ["b", "c", "a"]]);
  await vi.advanceTimersByTimeAsync(1_000);
  hints.changed("d");
  expect(told).toHaveLength(3);
});

test("a database that is away costs a hint and nothing else", async () => {
  const query = async () => {
    throw new Error("away");
  };
  const hints = new RunHints({ query } as unknown as Pool);
  hints.changed("a");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(() => hints.changed("b")).not.toThrow();
});
