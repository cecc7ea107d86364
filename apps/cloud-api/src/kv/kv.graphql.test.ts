import { LIMITS } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const SET = `mutation ($input: SetKvInput!) { result: setKv(input: $input) {
  ... on SetKvPayload { version } ... on Refusal { code message } } }`;
const DELETE = `mutation ($input: DeleteKvInput!) { result: deleteKv(input: $input) {
  ... on DeleteKvPayload { key } ... on Refusal { code message } } }`;
const set = async (key: string, value: unknown, expectedVersion?: number, who = tenant) =>
  (await cloud.ask<{ result: object }>(who, SET, { input: { key, value, expectedVersion } })).result;
const remove = async (key: string, expectedVersion?: number, who = tenant) =>
  (await cloud.ask<{ result: object }>(who, DELETE, { input: { key, expectedVersion } })).result;
const read = async (key: string, who = tenant) =>
  (
    await cloud.ask<{ kv: object | null }>(who, `query ($key: String!) { kv(key: $key) { value version updatedBy } }`, {
      key,
    })
  ).kv;

test.each([["text"], [0], [false], [null], [[1, { a: null }]], [{ cursor: 7 }]])(
  "%j is kept as it is",
  async (value) => {
    await set("kept", value);
    expect(await read("kept")).toMatchObject({ value });
  },
);

test("each write counts, and says who wrote", async () => {
  expect(await set("counted", 1)).toEqual({ version: 1 });
  expect(await set("counted", 2)).toEqual({ version: 2 });
  expect(await read("counted")).toEqual({ value: 2, version: 2, updatedBy: "key user key" });
  expect(await read("never")).toBeNull();
});

test("with a version only what was read is written over", async () => {
  expect(await set("compared", "a", 0)).toEqual({ version: 1 });
  expect(await set("compared", "b", 0)).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("has version 1"),
  });
  expect(await set("compared", "b", 1)).toEqual({ version: 2 });
  expect(await set("compared", "c", 1)).toMatchObject({ code: "CONFLICT" });
  expect(await set("absent", "c", 1)).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("is not there"),
  });
  expect(await set("compared", "c", -1)).toMatchObject({ code: "INVALID" });
  expect(await read("compared")).toMatchObject({ value: "b", version: 2 });
});

test("of many who write over one version at once, one does", async () => {
  await set("raced", 0);
  const results = await Promise.all(Array.from({ length: 8 }, (_, i) => set("raced", i, 1)));
  expect(results.filter((result) => "version" in result)).toEqual([{ version: 2 }]);
  const fresh = await Promise.all(Array.from({ length: 8 }, (_, i) => set("fresh", i, 0)));
  expect(fresh.filter((result) => "version" in result)).toEqual([{ version: 1 }]);
});

test("an entry is deleted, at a version where one is named", async () => {
  await set("deleted", 1);
  expect(await remove("deleted", 2)).toMatchObject({ code: "CONFLICT" });
  expect(await remove("deleted", 1)).toEqual({ key: "deleted" });
  expect(await remove("deleted")).toMatchObject({ code: "NOT_FOUND" });
  expect(await read("deleted")).toBeNull();
});

test("entries are listed by key, page by page, also those that begin alike", async () => {
  const own = await cloud.makeTenant();
  for (const key of ["b", "a/2", "a_1", "a/1"]) await set(key, key, undefined, own);
  const query = `query ($after: String, $prefix: String) { kvEntries(first: 2, after: $after, prefix: $prefix) {
    nodes { key value } pageInfo { hasNextPage endCursor } } }`;
  const first = await cloud.ask<{ kvEntries: { pageInfo: { endCursor: string } } }>(own, query);
  expect(first).toMatchObject({
    kvEntries: { nodes: [{ key: "a/1" }, { key: "a/2" }], pageInfo: { hasNextPage: true } },
  });
  expect(await cloud.ask(own, query, { after: first.kvEntries.pageInfo.endCursor })).toMatchObject({
    kvEntries: { nodes: [{ key: "a_1" }, { key: "b" }], pageInfo: { hasNextPage: false } },
  });
  expect(await cloud.ask(own, query, { prefix: "a_" })).toMatchObject({
    kvEntries: { nodes: [{ key: "a_1", value: "a_1" }] },
  });
});

test.each([
  ["too large a value", "k", "x".repeat(LIMITS.kvValueBytes), "TOO_LARGE"],
  ["plain data under the name of sealed data", "k", { $sealed: { a: 1 } }, "INVALID"],
  ["an empty key", "", 1, "INVALID"],
  ["a key with a control character", "a\nb", 1, "INVALID"],
  ["too long a key", "k".repeat(201), 1, "INVALID"],
])("%s is refused, and nothing is written", async (_what, key, value, code) => {
  expect(await set(key, value)).toMatchObject({ code });
  if (key === "k") expect(await read("k")).toBeNull();
});

test("NUL in a value is refused: a document can hold what a body cannot", async () => {
  const text = `mutation { result: setKv(input: { key: "nul", value: ["\\u0000"] }) { ... on Refusal { code } } }`;
  expect(await cloud.ask(tenant, text)).toEqual({ result: { code: "INVALID" } });
});

test("a sealed value is kept, and may be longer by what sealing takes", async () => {
  const sealed = { $sealed: { ciphertext: "x".repeat(LIMITS.kvValueBytes * 1.3), recipients: [{}] } };
  expect(await set("sealed", sealed)).toEqual({ version: 1 });
  expect(await read("sealed")).toMatchObject({ value: sealed });
});

test("the store of a tenant is full at some time; what is there can still be written", async () => {
  const own = await cloud.makeTenant();
  await set("first", 1, undefined, own);
  await cloud.database.pool.query(
    `insert into kv_entries (tenant_id, key, value, updated_by) select $1, 'k' || i, '1', 'test' from generate_series(1, 9999) i`,
    [own.tenantId],
  );
  expect(await set("one more", 1, undefined, own)).toMatchObject({
    code: "QUOTA_EXCEEDED",
    message: expect.stringContaining("10000"),
  });
  expect(await set("first", 2, undefined, own)).toEqual({ version: 2 });
});

test("another tenant sees, writes and deletes its own alone", async () => {
  const stranger = await cloud.makeTenant();
  await set("mine", "secret");
  expect(await read("mine", stranger)).toBeNull();
  expect(await remove("mine", undefined, stranger)).toMatchObject({ code: "NOT_FOUND" });
  expect(await set("mine", "theirs", 0, stranger)).toEqual({ version: 1 });
  expect(await read("mine")).toMatchObject({ value: "secret", version: 1 });
  expect(JSON.stringify(await cloud.ask(stranger, `{ kvEntries { nodes { key value } } }`))).not.toContain("secret");
});
