import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { readIdentityProvider } from "./identity-provider.ts";
import { type PeopleFixture, startPeople } from "./testing/people-fixture.ts";

let cloud: PeopleFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startPeople();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const SET = `mutation ($input: SetIdentityProviderInput!) { setIdentityProvider(input: $input) {
  ... on SetIdentityProviderPayload { identityProvider { issuer clientId emailDomains role } } ... on Refusal { code message } } }`;
const REMOVE = `mutation { removeIdentityProvider { ... on RemoveIdentityProviderPayload { removed } ... on Refusal { code } } }`;
const INPUT = {
  issuer: "https://login.x.example",
  clientId: "weir",
  clientSecret: "a secret",
  emailDomains: ["X.example"],
  role: "viewer",
};

test("an owner sets single sign-on, others see it without its secret, and it goes again", async () => {
  expect(await cloud.ask(tenant, "{ identityProvider { issuer } }")).toEqual({ identityProvider: null });
  const shown = { issuer: INPUT.issuer, clientId: "weir", emailDomains: ["x.example"], role: "viewer" };
  expect(await cloud.ask(tenant, SET, { input: INPUT })).toEqual({ setIdentityProvider: { identityProvider: shown } });
  const held = await readIdentityProvider(cloud.database.pool, cloud.deps.secrets, tenant);
  expect(held).toMatchObject({ clientSecret: "a secret", emailDomains: ["x.example"] });
  const viewer = await cloud.join(tenant, "viewer@x.example", "viewer");
  expect(await viewer.ask("{ identityProvider { issuer clientId emailDomains role } }")).toEqual({
    identityProvider: shown,
  });
  const admin = await cloud.join(tenant, "admin@x.example", "admin");
  expect(await admin.ask(SET, { input: INPUT })).toMatchObject({ setIdentityProvider: { code: "FORBIDDEN" } });
  expect(await cloud.ask(tenant, REMOVE)).toEqual({ removeIdentityProvider: { removed: true } });
  expect(await cloud.ask(tenant, REMOVE)).toEqual({ removeIdentityProvider: { code: "NOT_FOUND" } });
});

test("single sign-on that goes takes the sessions that came by it, and nobody else's", async () => {
  await cloud.ask(tenant, SET, { input: INPUT });
  const other = await cloud.makeTenant();
  const byProvider = await cloud.join(tenant, "sso@x.example", "viewer");
  const byPassword = await cloud.join(tenant, "password@x.example", "viewer");
  const elsewhere = await cloud.join(other, "elsewhere@x.example", "viewer");
  await cloud.database.pool.query(
    `update user_sessions s set method = 'sso' from memberships m join users u on u.id = m.user_id
     where m.id = s.membership_id and u.email in ('sso@x.example', 'elsewhere@x.example')`,
  );
  expect(await cloud.ask(tenant, REMOVE)).toEqual({ removeIdentityProvider: { removed: true } });
  const statuses = [byProvider, byPassword, elsewhere].map(
    async (person) => (await person.get("/auth/session")).status,
  );
  expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
});

test.each([
  [{ issuer: "http://login.x.example" }, /issuer/],
  [{ issuer: "login" }, /issuer/],
  [{ issuer: "https://a:b@login.x.example" }, /issuer/],
  [{ clientSecret: "" }, /clientSecret/],
  [{ emailDomains: [] }, /emailDomains/],
  [{ emailDomains: ["*"] }, /emailDomains/],
])("%j is refused with a sentence", async (changes, sentence) => {
  expect(await cloud.ask(tenant, SET, { input: { ...INPUT, ...changes } })).toMatchObject({
    setIdentityProvider: { code: "INVALID", message: expect.stringMatching(sentence) as string },
  });
});
