import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startLoops } from "./loop.ts";

const logged: string[] = [];
const log = {
  warn: (_details: unknown, text: string) => logged.push(text),
  info: (_details: unknown, text: string) => logged.push(text),
} as never;

beforeEach(() => {
  logged.length = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a turn that fails is told once per outage, and the loop goes on", async () => {
  let turns = 0;
  const tick = async () => {
    turns += 1;
    if (turns < 4) throw new Error("away");
  };
  const loops = startLoops([{ name: "test", seconds: 1, tick }], log);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(turns).toBeGreaterThanOrEqual(5);
  expect(logged).toEqual(["a turn of the loop failed; it goes on", "the loop works again"]);
  await loops.stop();
});

test("turns never overlap, and stopping waits for the one under way", async () => {
  let [open, most] = [0, 0];
  const tick = async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    open -= 1;
  };
  const loops = startLoops([{ name: "slow", seconds: 1, tick }], log);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(most).toBe(1);
  await vi.advanceTimersByTimeAsync(1_300);
  const stopped = loops.stop();
  await vi.advanceTimersByTimeAsync(3_000);
  await stopped;
  expect(open).toBe(0);
});
