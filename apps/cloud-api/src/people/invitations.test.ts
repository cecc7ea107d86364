import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { PASSWORD, type PeopleFixture, startPeople } from "./testing/people-fixture.ts";

let cloud: PeopleFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startPeople();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const accept = (token: string, more: object = {}) =>
  cloud.browser().post("/auth/invitation/accept", { token, password: PASSWORD, ...more });

test("an invitation is used once, also when two try at once, and the link is stored nowhere", async () => {
  const token = await cloud.invited(tenant, "once@x.example", "viewer");
  const { rows } = await cloud.database.pool.query("select to_jsonb(i)::text as row from invitations i");
  expect(JSON.stringify(rows)).not.toContain(token);
  expect((await cloud.browser().post("/auth/invitation", { token })).body).toEqual({
    tenant: `tenant ${tenant.tenantId}`,
    email: "once@x.example",
    hasAccount: false,
  });
  const tries = await Promise.all([1, 2, 3].map(() => accept(token)));
  expect(tries.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 404, 404]);
  const { rows: members } = await cloud.database.pool.query(
    "select m.role from memberships m join users u on u.id = m.user_id where u.email = 'once@x.example'",
  );
  expect(members).toEqual([{ role: "viewer" }]);
  expect((await accept(token)).body).toMatchObject({ code: "NOT_FOUND" });
});

test.each([
  ["expires_at", "is older than a week"],
  ["revoked_at", "taken back"],
])("one whose %s lies behind opens nothing", async (column, sentence) => {
  const token = await cloud.invited(tenant, `${column}@x.example`);
  await cloud.database.pool.query(`update invitations set ${column} = now() - interval '1 second' where email = $1`, [
    `${column}@x.example`,
  ]);
  expect((await accept(token)).body).toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining(sentence) });
  expect((await cloud.browser().post("/auth/invitation", { token })).status).toBe(404);
});

test("whoever holds the link of somebody who has an account needs their password, and sets no other", async () => {
  const person = await cloud.join(tenant, "held@x.example");
  const other = await cloud.makeTenant();
  const token = await cloud.invited(other, person.email);
  expect((await cloud.browser().post("/auth/invitation", { token })).body).toMatchObject({ hasAccount: true });
  expect((await accept(token, { password: "of the one who invited" })).body).toMatchObject({ code: "UNAUTHENTICATED" });
  expect((await cloud.browser().post("/auth/login", { email: person.email, password: PASSWORD })).status).toBe(204);
  expect((await accept(token)).status).toBe(204);
});

test("a password that is too short leaves the invitation as it was", async () => {
  const token = await cloud.invited(tenant, "short@x.example");
  expect((await accept(token, { password: "eleven chars".slice(1) })).body).toMatchObject({ code: "INVALID" });
  expect((await accept(token)).status).toBe(204);
});
