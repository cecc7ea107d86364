import type { Pool } from "pg";
import { expect, test } from "vitest";
import { SlotGranter } from "./slot-granter.ts";

/** A pool whose transactions begin when they are let. `begun` counts them. */
function gatedPool() {
  const waiting: (() => void)[] = [];
  const seen = { begun: 0 };
  const query = async (statement: unknown) => {
    if (statement === "begin") {
      seen.begun += 1;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return { rows: [] };
  };
  const pool = { connect: async () => ({ query, release: () => undefined }), query } as unknown as Pool;
  const letAll = async () => {
    for (const go of waiting.splice(0)) go();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { pool, seen, letAll };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const never = (error: unknown) => {
  throw error;
};

test("what is freed while a grant is under way is granted once more, and not for each time", async () => {
  const { pool, seen, letAll } = gatedPool();
  const granter = new SlotGranter(pool, never);
  for (const _ of [1, 2, 3]) granter.freed("t");
  await turn();
  expect(seen.begun).toBe(1);
  await letAll();
  expect(seen.begun).toBe(2);
  await letAll();
  await letAll();
  expect(seen.begun).toBe(2);
});

test("two work on queues at a time; the others hold no connection while they wait", async () => {
  const { pool, seen, letAll } = gatedPool();
  const granter = new SlotGranter(pool, never);
  for (const tenant of ["a", "b", "c", "d"]) granter.freed(tenant);
  await turn();
  expect(seen.begun).toBe(2);
  await letAll();
  await turn();
  expect(seen.begun).toBe(4);
});

test("a grant that fails is told, and does not keep the next one from it", async () => {
  const told: unknown[] = [];
  const pool = { connect: async () => Promise.reject(new Error("away")) } as unknown as Pool;
  const granter = new SlotGranter(pool, (error) => told.push(error));
  for (const _ of [1, 2, 3]) {
    granter.freed("t");
    await turn();
  }
  expect(told).toHaveLength(3);
});
