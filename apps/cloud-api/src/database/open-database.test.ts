import { eventually } from "@weir/testing";
import { createTestDatabase } from "@weir/testing/database";
import type { TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "./open-database.ts";

let made: TestDatabase;
beforeAll(async () => {
  made = await createTestDatabase();
});
afterAll(() => made.drop());

const endOthers = () =>
  made.database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );

test("connections that Postgres ends, idle or checked out, do not end the process: the next query takes a fresh one", async () => {
  const errors: Error[] = [];
  const database = openDatabase({ url: made.url, onConnectionError: (error) => errors.push(error) });
  const [held, idle] = await Promise.all([database.pool.connect(), database.pool.connect()]);
  idle.release();
  await endOthers();
  // Checked out and between two statements: the error comes as an event, which nobody but us could catch.
  await expect(held.query("select 1")).rejects.toThrow();
  held.release(true);
  await eventually(() => expect(database.pool.idleCount).toBe(0));
  expect(await database.prisma.tenant.count()).toBe(0);
  expect(errors.length).toBeGreaterThan(0);
  await database.close();
});

test("a transaction that is left open does not keep its locks for ever", async () => {
  const { rows } = await made.database.pool.query("show idle_in_transaction_session_timeout");
  expect(rows).toEqual([{ idle_in_transaction_session_timeout: "30s" }]);
});

test("the pool and Prisma share their connections, and both end with close", async () => {
  const database = openDatabase({ url: made.url, maxConnections: 1 });
  await database.prisma.tenant.count();
  await database.pool.query("select 1");
  expect(database.pool.totalCount).toBe(1);
  await database.close();
  await database.close();
  await expect(database.pool.query("select 1")).rejects.toThrow();
});
