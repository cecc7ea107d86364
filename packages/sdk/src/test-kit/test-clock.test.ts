import { expect, test } from "vitest";
import { testClock } from "./index.ts";

test("time is where it was put, and moves as far as it is told, timer by timer", async () => {
  const clock = testClock({ start: new Date(1_000), chance: 0.25 });
  const seen: number[] = [];
  const held = clock.during(new Promise<void>(() => undefined));
  clock.after(30, () => seen.push(clock.now()));
  clock.after(10, () => {
    seen.push(clock.now());
    clock.after(5, () => seen.push(clock.now()));
  });
  clock.after(10_000, () => seen.push(clock.now()));
  await clock.advance("1s");
  expect([seen, clock.now(), clock.random()]).toEqual([[1_010, 1_015, 1_030], 2_000, 0.25]);
  void held;
});

test("when nothing works it jumps to the next timer that was not cancelled", async () => {
  const clock = testClock({ start: 0 });
  clock.after(60_000, () => undefined).cancel();
  await new Promise<void>((resolve) => clock.after(3_600_000, resolve));
  expect(clock.now()).toBe(3_600_000);
});

test("while something works it stands still", async () => {
  const clock = testClock({ start: 0 });
  const work = Promise.withResolvers<void>();
  void clock.during(work.promise);
  const due = new Promise<void>((resolve) => clock.after(1, resolve));
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(clock.now()).toBe(0);
  work.resolve();
  await due;
  expect(clock.now()).toBe(1);
});
