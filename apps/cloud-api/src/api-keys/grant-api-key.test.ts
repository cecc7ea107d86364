import { makeId, type Permission, ROLES } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { buildApp } from "../app.ts";
import { createApiKey } from "./api-keys.ts";
import { knownKeysOf } from "./known-keys.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

interface Made {
  readonly key: string;
  readonly apiKey: { readonly id: string };
  readonly code?: string;
  readonly message?: string;
}

const SHOWN =
  "id name scope role permissions allowedAddresses lastUsedFrom replacedBy expiresAt serviceAccount { name }";
const CREATE = `mutation ($input: CreateApiKeyInput!) { result: createApiKey(input: $input) {
  ... on CreateApiKeyPayload { key apiKey { ${SHOWN} } } ... on Refusal { code message } } }`;

async function make(input: object, key = tenant.userKey): Promise<Made> {
  const { body } = await cloud.post<{ result: Made }>(key, CREATE, { input: { name: "k", scope: "user", ...input } });
  if (body.data === undefined) throw new Error(JSON.stringify(body));
  return body.data.result;
}
const shown = async (id: string) => {
  const { apiKeys } = await cloud.ask<{ apiKeys: { nodes: Made["apiKey"][] } }>(
    tenant,
    `{ apiKeys(first: 200) { nodes { ${SHOWN} } } }`,
  );
  return apiKeys.nodes.find((one) => one.id === id);
};
const held = async (key: string) => {
  const { body } = await cloud.post<{ viewer: { permissions: string[] } }>(key, "{ viewer { permissions } }");
  return body.data?.viewer.permissions;
};
/** Where a request came from, as the socket tells. */
async function from(remoteAddress: string, key: string, headers: object = {}): Promise<number> {
  const reply = await cloud.app.inject({
    method: "POST",
    url: "/graphql",
    remoteAddress,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    payload: JSON.stringify({ query: "{ viewer { scope } }" }),
  });
  return reply.statusCode;
}

test("a key holds a role, a list, or what its maker holds", async () => {
  const viewer = await make({ role: "viewer" });
  expect(viewer.apiKey).toMatchObject({ role: "viewer", permissions: ROLES.viewer });
  expect(await held(viewer.key)).toEqual(ROLES.viewer);
  const list = await make({ permissions: ["run:read", "key:write"] });
  expect(list.apiKey).toMatchObject({ role: null, permissions: ["run:read", "key:write"] });
  expect(await held(list.key)).toEqual(["run:read", "key:write"]);
  const { apiKeys } = await cloud.ask<{ apiKeys: object }>(tenant, "{ apiKeys(first: 1) { nodes { id } } }");
  expect(apiKeys).toBeDefined();
  expect(await held((await make({ name: "same" })).key)).toEqual(ROLES.owner);
});

const maker = async (...permissions: Permission[]) => {
  const { tenantId } = tenant;
  const wanted = { tenantId, name: "maker", scope: "user" as const, rights: { permissions } };
  return (await createApiKey(cloud.database.pool, cloud.deps.secrets, wanted)).key;
};

test("a key never holds more than its maker: by role, by list, by saying nothing, or as an agent's", async () => {
  const key = await maker("key:write", "key:read", "run:read");
  for (const input of [{ role: "viewer" }, { permissions: ["run:read", "run:start"] }, { scope: "agent" }])
    expect(await make(input, key)).toMatchObject({
      code: "FORBIDDEN",
      message: expect.stringMatching(/nobody grants more than they hold/),
    });
  expect(await held((await make({}, key)).key)).toEqual(["key:write", "key:read", "run:read"]);
  const { rows } = await cloud.database.pool.query("select from api_keys where scope = 'agent' and name = 'k'");
  expect(rows).toEqual([]);
});

test("whoever makes an agent's key holds what it opens at the run door: runs, parameters, the key-value store", async () => {
  const reach = ["flow:read", "run:read", "run:start", "run:control", "parameter:read", "kv:read", "kv:write"] as const;
  for (const left of reach) {
    const key = await maker("key:write", "key:read", ...reach.filter((permission) => permission !== left));
    const message = expect.stringContaining(`would hold "${left}"`) as string;
    expect(await make({ scope: "agent" }, key)).toMatchObject({ code: "FORBIDDEN", message });
  }
  const whole = await maker("key:write", "key:read", ...reach);
  expect((await make({ scope: "agent" }, whole)).key).toMatch(/^weir_a_/);
});

test.each([
  [{ role: "viewer", permissions: ["run:read"] }, "INVALID", /both given/],
  [{ role: "nobody" }, "NOT_FOUND", /no role "nobody"/],
  [{ role: "agent" }, "INVALID", /agents' keys alone/],
  [{ scope: "agent", role: "viewer" }, "INVALID", /neither role nor permissions/],
  [{ scope: "agent", permissions: [] }, "INVALID", /neither role nor permissions/],
  [{ permissions: ["run:fly"] }, "INVALID", /"run:fly" is none/],
  [{ allowedAddresses: ["example.com"] }, "INVALID", /"example.com" is no network/],
  [{ serviceAccountId: makeId() }, "NOT_FOUND", /no service account/],
])("%j is refused", async (input, code, message) => {
  expect(await make(input)).toMatchObject({ code, message: expect.stringMatching(message) });
});

test("a key with networks is refused from elsewhere, whatever a header says, and so are the sessions of an agent's and the tokens of its runs", async () => {
  const { key } = await make({ allowedAddresses: ["10.1.0.0/16", "2001:db8::1"] });
  expect([await from("10.1.2.3", key), await from("2001:db8::1", key), await from("10.2.0.1", key)]).toEqual([
    200, 200, 403,
  ]);
  expect(await from("10.2.0.1", key, { "x-forwarded-for": "10.1.2.3" })).toBe(403);
  const agent = await make({ scope: "agent", allowedAddresses: ["10.1.0.0/16"] });
  const enrolment = { name: "a", labels: [], launchers: ["process"], version: "0.1.0", apiVersion: 1, capacity: 1 };
  const post = (url: string, token: string, remoteAddress: string, payload: object) =>
    cloud.app.inject({ method: "POST", url, remoteAddress, headers: { authorization: `Bearer ${token}` }, payload });
  expect((await post("/v1/agents", agent.key, "10.2.0.1", enrolment)).statusCode).toBe(403);
  const enrolled = await post("/v1/agents", agent.key, "10.1.0.1", enrolment);
  const { sessionToken } = enrolled.json<{ sessionToken: string }>();
  const claim = { room: 1, waitSeconds: 0, labels: [], holding: [] };
  expect((await post("/v1/claims", sessionToken, "10.1.0.1", claim)).statusCode).toBe(200);
  expect((await post("/v1/claims", sessionToken, "10.2.0.1", claim)).json()).toMatchObject({ code: "FORBIDDEN" });
  await createRun(cloud, tenant, "from-a-network");
  const { runs } = (await post("/v1/claims", sessionToken, "10.1.0.1", claim)).json<{
    runs: { runId: string; runToken: string }[];
  }>();
  const { runId, runToken } = runs[0] ?? { runId: "none", runToken: "none" };
  const report = async (remoteAddress: string) =>
    (await post(`/v1/runs/${runId}/reports`, runToken, remoteAddress, { attempt: 1, first: 1, events: [] })).statusCode;
  expect([await report("10.1.7.7"), await report("10.2.0.1")]).toEqual([200, 403]);
});

test("behind a proxy that is trusted, the address is the first before it that is not; anybody else's word is none", async () => {
  const { key } = await make({ allowedAddresses: ["203.0.113.7"] });
  const config = { ...cloud.deps.config, trustedProxies: ["10.0.0.0/8"] };
  const behind = await buildApp({ ...cloud.deps, config });
  const asked = async (remoteAddress: string, forwarded: string) => {
    const headers = {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "x-forwarded-for": forwarded,
    };
    const payload = { query: "{ viewer { scope } }" };
    return (await behind.inject({ method: "POST", url: "/graphql", remoteAddress, headers, payload })).statusCode;
  };
  expect(await asked("10.0.0.1", "203.0.113.7")).toBe(200);
  expect(await asked("10.0.0.1", "203.0.113.7, 10.0.0.2")).toBe(200);
  expect(await asked("10.0.0.1", "203.0.113.7, 198.51.100.1")).toBe(403);
  expect(await asked("198.51.100.1", "203.0.113.7")).toBe(403);
  await behind.close();
});

test("the network of the last use is told, never the address", async () => {
  const { key, apiKey } = await make({});
  await from("203.0.113.77", key);
  expect(await shown(apiKey.id)).toMatchObject({ lastUsedFrom: "203.0.113.0/24" });
});

const ROTATE = `mutation ($id: ID!, $minutes: Int) { result: rotateApiKey(id: $id, overlapMinutes: $minutes) {
  ... on RotateApiKeyPayload { key apiKey { ${SHOWN} } } ... on Refusal { code message } } }`;
async function rotate(id: string, minutes?: number, key = tenant.userKey): Promise<Made> {
  const { body } = await cloud.post<{ result: Made }>(key, ROTATE, { id, minutes });
  if (body.data === undefined) throw new Error(JSON.stringify(body));
  return body.data.result;
}

test("a rotated key stays good for the overlap, and the new one does the same for as long", async () => {
  const old = await make({ name: "deploy", role: "viewer", allowedAddresses: ["127.0.0.1"], expiresInDays: 30 });
  const fresh = await rotate(old.apiKey.id, 60);
  expect(fresh.apiKey).toMatchObject({ name: "deploy", role: "viewer", allowedAddresses: ["127.0.0.1/32"] });
  expect([await held(old.key), await held(fresh.key)]).toEqual([ROLES.viewer, ROLES.viewer]);
  const left = async (id: string) => {
    const { expiresAt } = (await shown(id)) as { expiresAt?: string };
    return Math.round((Date.parse(expiresAt ?? "") - Date.now()) / 60_000);
  };
  expect(await shown(old.apiKey.id)).toMatchObject({ replacedBy: fresh.apiKey.id });
  expect([await left(old.apiKey.id), await left(fresh.apiKey.id)]).toEqual([60, 30 * 24 * 60]);
  await cloud.database.pool.query("update api_keys set expires_at = now() where id = $1", [old.apiKey.id]);
  knownKeysOf(cloud.deps.database.pool).forget();
  expect([await from("127.0.0.1", old.key), await from("127.0.0.1", fresh.key)]).toEqual([401, 200]);
});

test("a key is rotated once, without overlap at once, and never one that is over", async () => {
  const { apiKey, key } = await make({});
  const both = await Promise.all([rotate(apiKey.id, 0), rotate(apiKey.id, 0)]);
  expect(both.map(({ code }) => code ?? "OK").toSorted()).toEqual(["CONFLICT", "OK"]);
  expect(await from("127.0.0.1", key)).toBe(401);
  expect(await rotate(apiKey.id)).toMatchObject({
    code: "CONFLICT",
    message: expect.stringMatching(/replaced already/),
  });
  expect(await rotate((await make({})).apiKey.id, -1)).toMatchObject({ code: "INVALID" });
  expect(await rotate(makeId())).toMatchObject({ code: "NOT_FOUND" });
  const other = await cloud.makeTenant();
  expect(await rotate((await make({})).apiKey.id, 0, other.userKey)).toMatchObject({ code: "NOT_FOUND" });
});

test("nobody rotates a key that holds more than they do: they would be shown it", async () => {
  const key = await maker("key:write", "key:read", "run:read");
  for (const input of [{ role: "viewer" }, { scope: "agent" }]) {
    const { apiKey } = await make(input);
    expect(await rotate(apiKey.id, 0, key)).toMatchObject({ code: "FORBIDDEN" });
    expect(await shown(apiKey.id)).toMatchObject({ replacedBy: null });
  }
});

test("a service account owns keys, and they end with it", async () => {
  const { result } = await cloud.ask<{ result: { serviceAccount: { id: string } } }>(
    tenant,
    `mutation { result: createServiceAccount(input: { name: "deployer" }) { ... on CreateServiceAccountPayload { serviceAccount { id } } } }`,
  );
  const { id } = result.serviceAccount;
  const { key, apiKey } = await make({ role: "operator", serviceAccountId: id });
  expect(apiKey).toMatchObject({ serviceAccount: { name: "deployer" } });
  const again = `mutation { createServiceAccount(input: { name: "deployer" }) { ... on Refusal { code } } }`;
  expect(await cloud.ask(tenant, again)).toEqual({ createServiceAccount: { code: "CONFLICT" } });
  const remove = `mutation { deleteServiceAccount(id: "${id}") { ... on DeleteServiceAccountPayload { name revokedKeys } ... on Refusal { code } } }`;
  const other = await cloud.makeTenant();
  expect(await cloud.ask(other, remove)).toEqual({ deleteServiceAccount: { code: "NOT_FOUND" } });
  expect(await held(key)).toEqual(ROLES.operator);
  expect(await cloud.ask(tenant, remove)).toEqual({ deleteServiceAccount: { name: "deployer", revokedKeys: 1 } });
  expect(await from("127.0.0.1", key)).toBe(401);
  expect(await cloud.ask(tenant, "{ serviceAccounts { nodes { id } } }")).toEqual({ serviceAccounts: { nodes: [] } });
});

test("a person's key does no more than the person may now, and nothing once they are no member", async () => {
  const { pool } = cloud.database;
  const { tenantId } = tenant;
  const userId = makeId();
  await pool.query("insert into users (id, email) values ($1, $2)", [userId, `${userId}@example.com`]);
  await pool.query("insert into memberships (id, tenant_id, user_id, role) values ($1, $2, $3, 'developer')", [
    makeId(),
    tenantId,
    userId,
  ]);
  const wanted = { tenantId, userId, name: "own", scope: "user" as const, rights: { role: "owner" as const } };
  const { key } = await createApiKey(pool, cloud.deps.secrets, wanted);
  const change = async (sql: string) => {
    await pool.query(sql, [userId]);
    knownKeysOf(cloud.deps.database.pool).forget();
  };
  expect(new Set(await held(key))).toEqual(new Set(ROLES.developer));
  await change("update memberships set role = 'viewer' where user_id = $1");
  expect(new Set(await held(key))).toEqual(new Set(ROLES.viewer));
  await change("delete from memberships where user_id = $1");
  expect(await from("127.0.0.1", key)).toBe(401);
});
