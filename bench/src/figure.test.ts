import { expect, test } from "vitest";
import { type Line, reached } from "./contest.ts";
import { figureOf } from "./figure.ts";
import type { Round } from "./rounds.ts";

const line: Line = {
  what: "x",
  ours: "ours",
  peer: "peer",
  limit: "limit",
  statistic: "p50",
  goal: { atLeast: 15, timesPeer: 10 },
};
const cpu = { harness: 0, cloud: 30, agent: 0, child: 0, postgres: 0, peer: 0 };

function played(ours: readonly number[], peer: number): Round {
  const timing = { elapsedMs: 100, cpu, foreign: 0, load: 0 };
  return { ours: { values: ours, timing }, peer: { values: [peer], timing }, limit: { values: [100], timing } };
}

function contenders(units: number) {
  return { ours: { units, measure: async () => [] } };
}

test("the ratio is taken within each round and its median counts, not the ratio of the medians", () => {
  const figure = figureOf(line, "/s", [played([10], 1), played([40], 2), played([90], 30)], contenders(1));
  expect(figure.ours).toBe(40);
  expect(figure.peer.value).toBe(2);
  expect(figure.ratio).toBe(10);
});

test("a p99 is taken over the values of all rounds together", () => {
  const rounds = [played([1, 2], 1), played([3, 50], 1)];
  expect(figureOf({ ...line, statistic: "p99" }, "ms", rounds, contenders(1)).ours).toBe(50);
});

test("CPU time is told in microseconds for one unit of work", () => {
  expect(figureOf(line, "/s", [played([1], 1)], contenders(1000)).cpu.cloud).toBe(30);
});

test("every part of a goal must be reached, and a figure that is not a number reaches none", () => {
  expect(reached(line.goal, 15, 10)).toBe(true);
  expect(reached(line.goal, 15, 9.9)).toBe(false);
  expect(reached(line.goal, 14, 20)).toBe(false);
  expect(reached({ atMost: 15 }, 16, 1)).toBe(false);
  expect(reached({ atMost: 15 }, Number.NaN, 1)).toBe(false);
});
