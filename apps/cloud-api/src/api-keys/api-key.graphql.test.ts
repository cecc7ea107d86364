import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const CREATE = `mutation CreateApiKey($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on CreateApiKeyPayload { key apiKey { id name scope expiresAt revokedAt lastUsedAt } } ... on Refusal { code message }
} }`;

interface Made {
  readonly key: string;
  readonly code?: string;
  readonly apiKey: { readonly id: string; readonly expiresAt: string | null };
}

const create = async (input: object) =>
  (await cloud.ask<{ createApiKey: Made }>(tenant, CREATE, { input })).createApiKey;
const revoke = (id: string) =>
  cloud.ask(
    tenant,
    `mutation { revokeApiKey(id: "${id}") { ... on RevokeApiKeyPayload { apiKey { id revokedAt } } ... on Refusal { code } } }`,
  );

test("a key is shown once, works, and is stored nowhere as it is", async () => {
  const made = await create({ name: "laptop", scope: "user" });
  expect(made.apiKey).toMatchObject({
    name: "laptop",
    scope: "user",
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
  });
  expect((await cloud.post(made.key, "{ viewer { keyId } }")).body.data).toEqual({ viewer: { keyId: made.apiKey.id } });
  const list = await cloud.ask(
    tenant,
    "{ apiKeys { nodes { id name scope createdAt expiresAt lastUsedAt revokedAt } } }",
  );
  expect(JSON.stringify(list)).toContain("laptop");
  expect(JSON.stringify(list)).not.toContain(made.key);
  const { rows } = await cloud.database.pool.query("select to_jsonb(k)::text as row from api_keys k");
  expect(JSON.stringify(rows)).not.toContain(made.key);
});

test("a key may end by itself", async () => {
  const made = await create({ name: "a month", scope: "agent", expiresInDays: 30 });
  expect(made.key).toMatch(/^weir_a_/);
  const days = (Date.parse(made.apiKey.expiresAt ?? "") - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(30);
});

test.each([
  [{ name: "odd", scope: "user", expiresInDays: 0 }, /expiresInDays is 0/],
  [{ name: "odd", scope: "user", expiresInDays: 99_999 }, /expiresInDays is 99999/],
  [{ name: " ", scope: "user" }, /name is empty/],
  [{ name: "x".repeat(201), scope: "user" }, /201 characters/],
  [{ name: "bell\u0007", scope: "user" }, /control character/],
])("%j is refused with a sentence", async (input, sentence) => {
  expect(await create(input)).toMatchObject({ code: "INVALID", message: expect.stringMatching(sentence) });
});

test("a revoked key is refused from then on, and stays revoked since the first time", async () => {
  const made = await create({ name: "lost", scope: "user" });
  const first = await revoke(made.apiKey.id);
  expect(first).toMatchObject({
    revokeApiKey: { apiKey: { id: made.apiKey.id, revokedAt: expect.stringMatching(/^20/) } },
  });
  expect((await cloud.post(made.key, "{ viewer { scope } }")).status).toBe(401);
  expect(await revoke(made.apiKey.id)).toEqual(first);
});

test("a key that is not there is refused", async () => {
  expect(await revoke(makeId())).toEqual({ revokeApiKey: { code: "NOT_FOUND" } });
  expect(await revoke("mine")).toEqual({ revokeApiKey: { code: "NOT_FOUND" } });
});
