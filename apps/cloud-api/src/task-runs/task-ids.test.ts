import type { QueryConfig } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeId } from "@weir/protocol";
import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { makeTenant } from "../run-door/testing/door-fixture.ts";
import { TaskIds } from "./task-ids.ts";

let database: TestDatabase;
let tenantId: string;
let flowId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  tenantId = await makeTenant(database.database.pool);
  const { rows } = await database.database.pool.query<{ id: string }>(`select id from flows where tenant_id = $1`, [
    tenantId,
  ]);
  flowId = rows[0]?.id ?? makeId();
});
afterAll(() => database.drop());

test("names get one number each, also when ten replicas ask for the same new ones at once", async () => {
  const names = new Set(Array.from({ length: 50 }, (_, i) => `task ${i}`));
  const replicas = Array.from({ length: 10 }, () => new TaskIds(database.database.pool));
  const answers = await Promise.all(replicas.map((replica) => replica.resolve(tenantId, flowId, names)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(new Set(answers[0]?.values()).size).toBe(50);
});

test("what was answered once is not asked again", async () => {
  let asked = 0;
  const query = async (statement: QueryConfig) => {
    asked += 1;
    return await database.database.pool.query(statement);
  };
  const ids = new TaskIds({ query } as never);
  const first = await ids.resolve(tenantId, flowId, new Set(["a", "b"]));
  expect(await ids.resolve(tenantId, flowId, new Set(["b", "a"]))).toEqual(first);
  expect(asked).toBe(1);
});

test("the same name in two flows has two numbers", async () => {
  const other = await makeTenant(database.database.pool);
  const { rows } = await database.database.pool.query<{ id: string }>(`select id from flows where tenant_id = $1`, [
    other,
  ]);
  const ids = new TaskIds(database.database.pool);
  const here = await ids.resolve(tenantId, flowId, new Set(["same"]));
  const there = await ids.resolve(other, rows[0]?.id ?? "", new Set(["same"]));
  expect(here.get("same")).not.toBe(there.get("same"));
});
