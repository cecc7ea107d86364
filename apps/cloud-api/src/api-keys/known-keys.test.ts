import type { Pool } from "pg";
import { expect, test } from "vitest";
import { currentTenant, inTenant } from "../database/tenant-scope.ts";
import { KnownKeys } from "./known-keys.ts";

const TRUSTED_MS = 499;

/** Keys of a table that notes what it was asked for, and in whose scope. */
function keys() {
  const clock = { now: 0 };
  const asked: string[][] = [];
  const scopes = new Set<string | null>();
  const table = { away: false };
  const query = async ({ values: [ids] }: { values: [string[]] }) => {
    asked.push(ids);
    scopes.add(currentTenant());
    if (table.away) throw new Error("away");
    return { rows: ids.filter((id) => id !== "none").map((id) => ({ id, name: `key ${id}` })) };
  };
  return { clock, asked, scopes, table, known: new KnownKeys({ query } as unknown as Pool, () => clock.now) };
}

test("a key is read once in the time for which it is trusted", async () => {
  const { clock, asked, known } = keys();
  expect(await known.byId("a")).toMatchObject({ name: "key a" });
  clock.now = TRUSTED_MS;
  expect(await known.byId("a")).toMatchObject({ name: "key a" });
  expect(asked).toEqual([["a"]]);
  clock.now += 1;
  await known.byId("a");
  expect(asked).toEqual([["a"], ["a"]]);
});

test("keys that are in use are read together, others are not", async () => {
  const { clock, asked, known } = keys();
  for (const id of ["a", "b", "once"]) await known.byId(id);
  for (const id of ["a", "b"]) await known.byId(id);
  clock.now = 500;
  expect(await known.byId("a")).toMatchObject({ name: "key a" });
  expect(await known.byId("b")).toMatchObject({ name: "key b" });
  expect(asked).toEqual([["a"], ["b"], ["once"], ["a", "b"]]);
});

test("whoever asks in the scope of a tenant does not hide the keys of others", async () => {
  const { scopes, known } = keys();
  await inTenant("t", () => known.byId("a"));
  expect([...scopes]).toEqual(["every"]);
});

test("that there is no such key is an answer; that the database is away is none", async () => {
  const { asked, table, known } = keys();
  expect(await known.byId("none")).toBeNull();
  table.away = true;
  await expect(known.byId("a")).rejects.toThrow("away");
  table.away = false;
  expect(await known.byId("a")).toMatchObject({ name: "key a" });
  expect(asked).toEqual([["none"], ["a"], ["a"]]);
});

test("what is forgotten is read afresh, by whatever it was asked for", async () => {
  const { asked, known } = keys();
  await known.byId("a");
  known.forget();
  await known.byId("a");
  expect(asked).toHaveLength(2);
});
