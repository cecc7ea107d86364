import { expect, test } from "vitest";
import { isDisturbed, measureRounds, quietest, rotated, type Round } from "./rounds.ts";

const cpu = { harness: 0, cloud: 0, agent: 0, child: 0, postgres: 0, peer: 0 };

function roundWith(foreign: number): Round {
  return { ours: { values: [1], timing: { elapsedMs: 100, cpu, foreign, load: 0 } } };
}

function measuring(foreigns: readonly number[]): { measure: () => Promise<Round>; count: () => number } {
  let count = 0;
  return { measure: async () => roundWith(foreigns[count++] ?? 0), count: () => count };
}

const untold = (): void => undefined;

test("a round that another process disturbed is measured again", async () => {
  const { measure, count } = measuring([0, 0.5, 0, 0]);
  const rounds = await measureRounds(3, measure, untold);
  expect(count()).toBe(4);
  expect(rounds.some(isDisturbed)).toBe(false);
});

test("on a machine that never gets quiet it gives up after twice as many and keeps the quietest", async () => {
  const { measure, count } = measuring([0.9, 0.5, 0.4, 0.8]);
  const rounds = await measureRounds(2, measure, untold);
  expect(count()).toBe(4);
  expect(rounds.map((round) => round["ours"]?.timing.foreign)).toEqual([0.5, 0.4]);
});

test("the kept rounds stand in the order in which they were measured", () => {
  const rounds = [0.3, 0.1, 0.2].map(roundWith);
  expect(quietest(rounds, 2)).toEqual([rounds[1], rounds[2]]);
});

test("each round begins with another contender, and has all of them", () => {
  const rounds = [0, 1, 2, 3].map((turn) => rotated(["a", "b", "c"], turn).join(""));
  expect(rounds).toEqual(["abc", "bca", "cab", "abc"]);
  expect(rotated([], 2)).toEqual([]);
});
