import type { Pool } from "pg";
import { expect, test } from "vitest";
import { OrdersTold } from "./orders-told.ts";

test("an order is told once, and again after a while: the reply may have been lost", async () => {
  let now = 0;
  let stateVersion = 4;
  const query = async () => ({ rows: [{ runId: "r", stateVersion, orderVersion: 0, cancel: true }] });
  const told = new OrdersTold({ query } as unknown as Pool, () => now);
  const ask = async () => (await told.untold({ tenantId: "t", agentId: "a" }, ["r"])).length;
  expect([await ask(), await ask()]).toEqual([1, 0]);
  now = 5_001;
  expect([await ask(), await ask()]).toEqual([1, 0]);
  // Restarted and cancelled again: another order.
  stateVersion = 9;
  expect(await ask()).toBe(1);
});

test("of several task runs, those are told that were not told yet, and one that is granted anew is told anew", async () => {
  let slots: [number, number][] = [[1, 10]];
  const query = async () => ({
    rows: [{ runId: "r", stateVersion: 1, orderVersion: 1, pauseOrder: null, slots, approved: null }],
  });
  const told = new OrdersTold({ query } as unknown as Pool, () => 0);
  const ask = async () => (await told.untold({ tenantId: "t", agentId: "a" }, ["r"])).map(({ order }) => order.numbers);
  expect(await ask()).toEqual([[1]]);
  slots = [
    [1, 10],
    [2, 11],
  ];
  expect([await ask(), await ask()]).toEqual([[[2]], []]);
  slots = [[1, 12]];
  expect(await ask()).toEqual([[1]]);
});

test("an agent that holds nothing asks nothing", async () => {
  const told = new OrdersTold({} as Pool);
  expect(await told.untold({ tenantId: "t", agentId: "a" }, [])).toEqual([]);
});
