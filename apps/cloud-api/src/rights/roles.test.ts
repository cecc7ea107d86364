import { makeId, type Permission, ROLES } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey, type Rights } from "../api-keys/api-keys.ts";
import { knownKeysOf } from "../api-keys/known-keys.ts";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
let admin: string;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  admin = await keyWith({ role: "admin" });
});
afterAll(() => cloud.stop());

async function keyWith(rights: Rights): Promise<string> {
  const wanted = { tenantId: tenant.tenantId, name: "key", scope: "user" as const, rights };
  return (await createApiKey(cloud.database.pool, cloud.deps.secrets, wanted)).key;
}

interface Changed {
  readonly role?: { readonly id: string; readonly name: string; readonly permissions: readonly string[] };
  readonly code?: string;
  readonly message?: string;
}

const CREATE = `mutation ($input: CreateRoleInput!) { result: createRole(input: $input) {
  ... on CreateRolePayload { role { id name permissions } } ... on Refusal { code message } } }`;
const CHANGE = `mutation ($input: ChangeRoleInput!) { result: changeRole(input: $input) {
  ... on ChangeRolePayload { role { id name permissions } } ... on Refusal { code message } } }`;
const DELETE = `mutation ($id: ID!) { result: deleteRole(id: $id) {
  ... on DeleteRolePayload { role { name } } ... on Refusal { code message } } }`;

async function ask(key: string, query: string, variables: object): Promise<Changed> {
  const { body } = await cloud.post<{ result: Changed }>(key, query, variables);
  if (body.data === undefined) throw new Error(JSON.stringify(body));
  return body.data.result;
}

async function made(name: string, permissions: readonly string[]): Promise<{ id: string }> {
  const { role } = await ask(tenant.userKey, CREATE, { input: { name, permissions } });
  if (role === undefined) throw new Error(`The role ${name} was not made.`);
  return role;
}

test("a role of the tenant's own stands beside those that every tenant has, and its keys hold what it holds", async () => {
  const { id } = await made("starter", ["run:read", "run:start", "run:read"]);
  const { roles } = await cloud.ask<{ roles: object[] }>(tenant, "{ roles { id name permissions } }");
  expect(roles).toEqual([
    ...Object.entries(ROLES).map(([name, permissions]) => ({ id: null, name, permissions })),
    { id, name: "starter", permissions: ["run:read", "run:start"] },
  ]);
  const { body } = await cloud.post(await keyWith({ roleId: id }), "{ viewer { permissions } }");
  expect(body.data).toEqual({ viewer: { permissions: ["run:read", "run:start"] } });
});

test("a change of a role acts on those who have it", async () => {
  const { id } = await made("changing", ["run:read"]);
  const key = await keyWith({ roleId: id });
  const read = async (query: string) => (await cloud.post(key, query)).body.errors?.[0]?.extensions.code ?? "OK";
  expect([await read("{ agents { nodes { id } } }"), await read("{ flowRuns { nodes { id } } }")]).toEqual([
    "FORBIDDEN",
    "OK",
  ]);
  await ask(admin, CHANGE, { input: { id, permissions: ["agent:read"] } });
  expect([await read("{ agents { nodes { id } } }"), await read("{ flowRuns { nodes { id } } }")]).toEqual([
    "OK",
    "FORBIDDEN",
  ]);
});

test("nobody makes or changes a role to more than they hold, nor touches one that holds more", async () => {
  const more = { code: "FORBIDDEN", message: expect.stringMatching(/"tenant:write".*nobody grants more/) };
  expect(
    await ask(admin, CREATE, { input: { name: "king", permissions: ["run:read", "tenant:write"] } }),
  ).toMatchObject(more);
  const low = await made("low", ["run:read"]);
  expect(await ask(admin, CHANGE, { input: { id: low.id, permissions: ["tenant:write"] } })).toMatchObject(more);
  const high = await made("high", ["tenant:write"]);
  expect(await ask(admin, CHANGE, { input: { id: high.id, permissions: ["run:read"] } })).toMatchObject(more);
  expect(await ask(admin, DELETE, { id: high.id })).toMatchObject(more);
  const { rows } = await cloud.database.pool.query<{ name: string; permissions: Permission[] }>(
    "select name, permissions from roles where name in ('king', 'low', 'high') order by name",
  );
  expect(rows).toEqual([
    { name: "high", permissions: ["tenant:write"] },
    { name: "low", permissions: ["run:read"] },
  ]);
});

test.each([
  [{ name: "owner", permissions: [] }, "CONFLICT", /"owner" exists/],
  [{ name: "twice", permissions: [] }, "CONFLICT", /"twice" exists/],
  [{ name: " ", permissions: [] }, "INVALID", /name is empty/],
  [{ name: "odd", permissions: ["run:fly", "__proto__"] }, "INVALID", /"run:fly", "__proto__" is none/],
])("%j is refused", async (input, code, message) => {
  await ask(tenant.userKey, CREATE, { input: { name: "twice", permissions: [] } });
  expect(await ask(tenant.userKey, CREATE, { input })).toMatchObject({ code, message: expect.stringMatching(message) });
});

test("a role is removed once nobody has it; keys that were revoked do not count", async () => {
  const { id } = await made("leaving", ["run:read"]);
  const key = await keyWith({ roleId: id });
  expect(await ask(admin, DELETE, { id })).toMatchObject({
    code: "CONFLICT",
    message: expect.stringMatching(/somebody's still/),
  });
  await cloud.database.pool.query("update api_keys set revoked_at = now() where role_id = $1", [id]);
  expect(await ask(admin, DELETE, { id })).toEqual({ role: { name: "leaving" } });
  knownKeysOf(cloud.deps.database.pool).forget();
  expect((await cloud.post(key, "{ viewer { scope } }")).status).toBe(401);
});

test("a role of another tenant is none", async () => {
  const { id } = await made("foreign", []);
  const other = await cloud.makeTenant();
  const absent = { code: "NOT_FOUND" };
  expect(await ask(other.userKey, CHANGE, { input: { id, permissions: ["run:read"] } })).toMatchObject(absent);
  for (const wrong of [id, makeId(), "x"])
    expect(await ask(other.userKey, DELETE, { id: wrong })).toMatchObject(absent);
  expect(await ask(admin, DELETE, { id })).toEqual({ role: { name: "foreign" } });
});

test("a tenant makes no more roles than a hundred", async () => {
  const other = await cloud.makeTenant();
  await cloud.database.pool.query(
    "insert into roles (id, tenant_id, name, permissions) select gen_random_uuid(), $1, 'role ' || n, '{}' from generate_series(1, 100) n",
    [other.tenantId],
  );
  expect(await ask(other.userKey, CREATE, { input: { name: "one more", permissions: [] } })).toMatchObject({
    code: "INVALID",
    message: expect.stringMatching(/100 roles/),
  });
});
