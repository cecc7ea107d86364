import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { setIdentityProvider } from "./identity-provider.ts";
import { isPrivateAddress, publicFetch } from "./public-fetch.ts";
import { PASSWORD, type PeopleFixture, startPeople } from "./testing/people-fixture.ts";
import { type Persona, startIdentityProvider, type TestIdentityProvider } from "./testing/identity-provider.ts";
import type { TestBrowser } from "./testing/test-browser.ts";

let cloud: PeopleFixture;
let provider: TestIdentityProvider;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startPeople({ identityProviders: "any", publicUrl: "https://weir.example" });
  provider = await startIdentityProvider("https://weir.example/auth/sso/callback");
  tenant = await cloud.makeTenant();
  await use(tenant);
});
afterAll(async () => {
  await provider.stop();
  await cloud.stop();
});

async function use({ tenantId }: TestTenant, changes: object = {}): Promise<void> {
  const { issuer, clientId, clientSecret } = provider;
  const wanted = {
    tenantId,
    issuer,
    clientId,
    clientSecret,
    emailDomains: ["x.example"],
    role: "viewer",
    roleId: null,
  };
  await setIdentityProvider(cloud.database.pool, cloud.deps.secrets, { ...wanted, ...changes });
}

const persona = (name: string, changes: Partial<Persona> = {}): Persona => ({
  sub: name,
  email: `${name}@x.example`,
  email_verified: true,
  ...changes,
});
const begin = async (browser: TestBrowser, { tenantId }: TestTenant) =>
  String((await browser.get(`/auth/sso?tenant=tenant%20${tenantId}`)).headers.location);
const back = (browser: TestBrowser, url: URL) => browser.get(url.pathname + url.search);

async function comeIn(who: Persona, where = tenant) {
  const browser = cloud.browser();
  const answer = await provider.agree(await begin(browser, where), who);
  return { browser, answer, reply: await back(browser, answer) };
}

test("a person whom the tenant's provider vouches for comes in, and is a member from then on", async () => {
  const { browser, reply } = await comeIn(persona("ada", { name: "Ada" }));
  expect([reply.status, reply.headers.location]).toEqual([303, "/"]);
  expect([...browser.cookies.keys()]).toEqual(["__Host-weir-session"]);
  const me = {
    user: { email: "ada@x.example", name: "Ada" },
    tenant: { id: tenant.tenantId },
    role: "viewer",
    method: "sso",
  };
  expect((await browser.get("/auth/session")).body).toMatchObject(me);
  const again = await comeIn(persona("ada", { email: "ada.renamed@x.example" }));
  expect((await again.browser.get("/auth/session")).body).toMatchObject(me);
  const { rows } = await cloud.database.pool.query("select count(*)::int4 as n from memberships where tenant_id = $1", [
    tenant.tenantId,
  ]);
  expect(rows).toEqual([{ n: 1 }]);
});

test("whoever comes by the provider is written down, and so is an answer that is refused", async () => {
  const own = await cloud.makeTenant();
  await use(own);
  await comeIn(persona("audited"), own);
  await comeIn(persona("audited-not", { email_verified: false }), own);
  const { rows } = await cloud.database.pool.query(
    "select action, outcome, code, actor_kind as kind, session_id is not null as session from audit_entries where tenant_id = $1 order by sequence",
    [own.tenantId],
  );
  const told = { action: "/auth/sso/callback", kind: "user" };
  expect(rows).toEqual([
    { ...told, outcome: "done", code: null, session: true },
    { ...told, outcome: "denied", code: "UNAUTHENTICATED", session: false },
  ]);
});

test("the provider's secret is stored nowhere as it is", async () => {
  const { rows } = await cloud.database.pool.query(
    "select encode(client_secret, 'escape') || to_jsonb(p)::text as row from identity_providers p",
  );
  expect(JSON.stringify(rows)).not.toContain(provider.clientSecret);
});

test.each([
  ["an address that is not verified", persona("unverified", { email_verified: false }), "not verified"],
  ["an address of another domain", persona("stranger", { email: "stranger@y.example" }), "domain"],
  ["an address that only ends alike", persona("alike", { email: "alike@notx.example" }), "domain"],
])("%s does not come in", async (_what, who, why) => {
  const { browser, reply } = await comeIn(who);
  expect([reply.status, reply.body]).toEqual([
    401,
    expect.objectContaining({ message: expect.stringContaining(why) as string }),
  ]);
  expect(browser.cookies.size).toBe(0);
  expect((await cloud.database.pool.query("select from users where email = $1", [who.email])).rowCount).toBe(0);
});

test("an answer is taken once, by the browser that asked, with the state that it was asked with", async () => {
  const { browser, answer } = await comeIn(persona("once"));
  expect((await back(browser, answer)).status).toBe(401);
  const first = cloud.browser();
  const given = await provider.agree(await begin(first, tenant), persona("once"));
  // Somebody else's link: this browser asked for nothing.
  expect((await back(cloud.browser(), given)).status).toBe(401);
  const kept = first.cookies.get("__Host-weir-sso") ?? "";
  expect((await back(first, given)).status).toBe(303);
  // The cookie too, replayed: the provider gives out a code once.
  const replayed = cloud.browser();
  replayed.cookies.set("__Host-weir-sso", kept);
  expect((await back(replayed, given)).status).toBe(401);
  const other = cloud.browser();
  const wrongState = await provider.agree(await begin(other, tenant), persona("once"));
  wrongState.searchParams.set("state", "another");
  expect((await back(other, wrongState)).status).toBe(401);
});

test("an answer to another question, whose nonce or verifier it is not, is refused", async () => {
  const [one, two] = [cloud.browser(), cloud.browser()];
  const asked = new URL(await begin(one, tenant));
  const other = new URL(await begin(two, tenant));
  const mixed = new URL(asked);
  mixed.searchParams.set("nonce", other.searchParams.get("nonce") ?? "");
  expect((await back(one, await provider.agree(mixed.href, persona("mixed")))).status).toBe(401);
  const stolen = new URL(await begin(one, tenant));
  stolen.searchParams.set("code_challenge", other.searchParams.get("code_challenge") ?? "");
  expect((await back(one, await provider.agree(stolen.href, persona("mixed")))).status).toBe(401);
});

test("a provider that is not the issuer it was set up as is refused, and so is a changed cookie", async () => {
  const other = await cloud.makeTenant();
  await use(other, { issuer: provider.issuer.replace("127.0.0.1", "localhost") });
  expect((await cloud.browser().get(`/auth/sso?tenant=tenant%20${other.tenantId}`)).status).toBe(401);
  const browser = cloud.browser();
  const answer = await provider.agree(await begin(browser, tenant), persona("changed"));
  const cookie = browser.cookies.get("__Host-weir-sso") ?? "";
  browser.cookies.set("__Host-weir-sso", (cookie.startsWith("A") ? "B" : "A") + cookie.slice(1));
  expect((await back(browser, answer)).status).toBe(401);
});

test("no tenant, and one without a provider, get the same answer", async () => {
  const without = await cloud.makeTenant();
  const answers = [
    await cloud.browser().get(`/auth/sso?tenant=tenant%20${without.tenantId}`),
    await cloud.browser().get("/auth/sso?tenant=nobody"),
  ];
  expect(answers.map(({ status, body }) => [status, body])).toEqual(answers.map(() => [404, answers[0]?.body]));
});

test("a provider vouches for its own tenant alone: an account of the same address elsewhere is another", async () => {
  const other = await cloud.makeTenant();
  const victim = cloud.browser();
  const token = await cloud.invited(other, "victim@x.example");
  await victim.post("/auth/invitation/accept", { token, password: PASSWORD });
  const { browser } = await comeIn(persona("victim"));
  expect((await browser.get("/auth/session")).body).toMatchObject({ tenants: [{ id: tenant.tenantId }] });
  const tries = [
    await browser.post("/auth/tenant", { tenantId: other.tenantId }),
    await browser.post("/auth/password", { password: PASSWORD, next: "another horse battery" }),
    await browser.post("/auth/device", { password: PASSWORD }),
  ];
  expect(tries.map(({ body }) => body.code)).toEqual(["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]);
  expect((await cloud.database.pool.query("select from users where email = 'victim@x.example'")).rowCount).toBe(2);
});

test("also a member with a password, who comes by the provider, goes to no other tenant", async () => {
  const other = await cloud.makeTenant();
  const person = await cloud.join(tenant, "both@x.example", "developer");
  const token = await cloud.invited(other, person.email);
  await person.post("/auth/invitation/accept", { token, password: PASSWORD });
  const { browser } = await comeIn(persona("both"));
  expect((await browser.get("/auth/session")).body).toMatchObject({
    role: "developer",
    tenants: [{ id: tenant.tenantId }],
  });
  expect((await browser.post("/auth/tenant", { tenantId: other.tenantId })).status).toBe(403);
});

test("addresses of the cloud's own network are not asked, unless the operator says so", async () => {
  for (const address of [
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "192.168.1.1",
    "::1",
    "fd00::1",
    "fe80::1",
    "::ffff:10.0.0.1",
  ])
    expect([address, isPrivateAddress(address)]).toEqual([address, true]);
  for (const address of ["93.184.215.14", "2606:2800:21f::1"])
    expect([address, isPrivateAddress(address)]).toEqual([address, false]);
  await expect(publicFetch(`${provider.issuer}/.well-known/openid-configuration`, {})).rejects.toThrow(
    "private network",
  );
});
