import { expect, onTestFinished, test, vi } from "vitest";
import { SlotQueue, type SlotTask } from "./slot-queue.ts";
import { eventually } from "./testing/eventually.ts";

/** A queue whose cloud grants what the test says. `hold`: questions are answered only when the test lets them be. */
function queue(o: { granted?: number[]; waitSeconds?: number; hold?: boolean } = {}) {
  const told = {
    asked: [] as number[][],
    answers: [] as [id: number, granted: boolean][],
    refused: [] as number[],
    granted: [] as number[],
    grants: o.granted ?? [],
    failure: null as Error | null,
    letGo: [] as (() => void)[],
  };
  const slots = new SlotQueue({
    ask: async (tasks: readonly SlotTask[]) => {
      told.asked.push(tasks.map(({ number }) => number));
      if (o.hold) await new Promise<void>((go) => told.letGo.push(go));
      if (told.failure) throw told.failure;
      return { granted: told.grants, waitSeconds: o.waitSeconds ?? 1_000 };
    },
    answer: (id, { granted }) => void told.answers.push([id, granted]),
    refuse: (id) => void told.refused.push(id),
    grant: (numbers) => void told.granted.push(...numbers),
    leastWaitMs: 5,
  });
  const ask = (id: number, number: number): void => slots.ask(id, { number, tags: ["db"] });
  return { told, slots, ask };
}

test("what is asked in one turn goes as one question", async () => {
  const { told, ask } = queue({ granted: [2] });
  for (let number = 1; number <= 3; number += 1) ask(number + 10, number);
  await eventually("answers", () => told.answers.length === 3);
  expect(told.asked).toEqual([[1, 2, 3]]);
  expect(told.answers).toEqual([
    [11, false],
    [12, true],
    [13, false],
  ]);
});

test("more than a message takes are asked one message after the other", async () => {
  const { told, ask } = queue();
  for (let number = 1; number <= 1_001; number += 1) ask(number, number);
  await eventually("answers", () => told.answers.length === 1_001);
  expect(told.asked.map((numbers) => numbers.length)).toEqual([1_000, 1]);
});

test("a queued task run is asked for again when its time is over, and its grant is then told as an order", async () => {
  const { told, ask, slots } = queue({ waitSeconds: 0 });
  ask(1, 7);
  await eventually("it is asked again and again", () => told.asked.length > 2);
  expect(told.granted).toEqual([]);
  told.grants = [7];
  await eventually("the grant", () => told.granted.length > 0);
  expect(told.answers).toEqual([[1, false]]);
  // Nothing shows that the child has heard it: it is told again.
  await eventually("the grant again", () => told.granted.length > 1);
  expect(new Set(told.granted)).toEqual(new Set([7]));
  slots.gone(7);
  const asked = told.asked.length;
  await new Promise((later) => setTimeout(later, 30));
  expect(told.asked.length).toBeLessThanOrEqual(asked + 1);
});

test("whoever was granted by an order is put off, and whoever has ended is not asked for again", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { told, ask, slots } = queue({ waitSeconds: 1 });
  for (const number of [1, 2, 3]) ask(number, number);
  await vi.advanceTimersByTimeAsync(400);
  expect(told.answers).toHaveLength(3);
  slots.granted([1]);
  slots.gone(2);
  await vi.advanceTimersByTimeAsync(650);
  expect(told.asked.slice(1)).toEqual([[3]]);
  await vi.advanceTimersByTimeAsync(400);
  expect(told.asked.slice(1)).toEqual([[3], [1]]);
  slots.close();
});

test("an order that overtakes the answer to the question is heard", async () => {
  const { told, ask, slots } = queue({ hold: true });
  ask(1, 7);
  await eventually("it is asked", () => told.asked.length === 1);
  slots.granted([7]);
  told.letGo[0]?.();
  await eventually("the answer", () => told.answers.length === 1);
  expect(told.answers).toEqual([[1, true]]);
  expect(slots.size).toBe(0);
});

test("one that has ended while it was asked for again gets no order", async () => {
  const { told, ask, slots } = queue({ hold: true, waitSeconds: 0 });
  ask(1, 7);
  await eventually("it is asked", () => told.letGo.length === 1);
  told.letGo[0]?.();
  await eventually("it is asked again", () => told.letGo.length === 2);
  slots.gone(7);
  told.grants = [7];
  told.letGo[1]?.();
  ask(2, 8);
  await eventually("the next question", () => told.letGo.length === 3);
  expect(told.granted).toEqual([]);
});

test("a refusal goes to those who asked; those who are queued stay queued", async () => {
  const { told, ask, slots } = queue({ waitSeconds: 0 });
  ask(1, 1);
  await eventually("the answer", () => told.answers.length === 1);
  told.failure = new Error("no");
  ask(2, 2);
  await eventually("the refusal", () => told.refused.length > 0);
  expect(told.refused).toEqual([2]);
  expect(slots.size).toBe(1);
  told.failure = null;
  told.grants = [1];
  await eventually("the grant", () => told.granted.length > 0);
});
