import type { Pool } from "pg";
import { expect, test } from "vitest";
import { leaseSweeper } from "./lease-sweeper.ts";

test("after its start, and after each outage of the database, the sweeper waits one lease before it takes a run", async () => {
  let now = 0;
  let away = false;
  const asked: string[] = [];
  const query = async (statement: string | { name: string }) => {
    if (away) throw new Error("away");
    asked.push(typeof statement === "string" ? statement : statement.name);
    return { rows: [] };
  };
  const rules = { leaseSeconds: 45, maxRecoveries: 5, recoveryBackoffSeconds: 1 };
  const log = { warn: () => undefined, info: () => undefined };
  const { tick } = leaseSweeper({ pool: { query } as unknown as Pool, rules, seconds: 5, log, now: () => now });
  const sweptAt = async (seconds: number) => {
    now = seconds * 1000;
    asked.length = 0;
    await tick();
    return asked.includes("expired-flow-runs");
  };
  expect([await sweptAt(0), await sweptAt(44), await sweptAt(45)]).toEqual([false, false, true]);
  away = true;
  await expect(sweptAt(50)).rejects.toThrow("away");
  await expect(sweptAt(60)).rejects.toThrow("away");
  away = false;
  expect([await sweptAt(65), await sweptAt(104), await sweptAt(105)]).toEqual([false, false, true]);
});
