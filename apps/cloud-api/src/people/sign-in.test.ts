import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { PASSWORD, type PeopleFixture, startPeople } from "./testing/people-fixture.ts";

let cloud: PeopleFixture;
let a: TestTenant;
let b: TestTenant;

beforeAll(async () => {
  cloud = await startPeople();
  a = await cloud.makeTenant();
  b = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const COOKIE = "__Host-weir-session";
const login = (email: string, more: object = {}) => ({ email, password: PASSWORD, ...more });

test("whoever accepted an invitation signs in, is told who they are, asks GraphQL, and goes out", async () => {
  await cloud.join(a, "ada@x.example");
  const browser = cloud.browser();
  const { status, headers } = await browser.post("/auth/login", login(" Ada@X.example "));
  expect(status).toBe(204);
  expect(headers["set-cookie"]).toMatch(
    new RegExp(`^${COOKIE}=[\\w-]{43}; Max-Age=604800; Path=/; Secure; HttpOnly; SameSite=Lax$`),
  );
  expect(await browser.get("/auth/session")).toMatchObject({
    status: 200,
    headers: { "cache-control": "no-store" },
    body: {
      user: { email: "ada@x.example", name: null, secondFactor: false },
      tenant: { id: a.tenantId },
      role: "owner",
      permissions: expect.arrayContaining(["member:write", "tenant:write"]),
      tenants: [{ id: a.tenantId, role: "owner" }],
    },
  });
  expect(await browser.ask("{ viewer { scope tenant { id } } }")).toEqual({
    viewer: { scope: "user", tenant: { id: a.tenantId } },
  });
  const token = browser.cookies.get(COOKIE) ?? "";
  expect((await browser.post("/auth/logout", {})).status).toBe(204);
  expect(browser.cookies.size).toBe(0);
  browser.cookies.set(COOKIE, token);
  expect((await browser.get("/auth/session")).body).toMatchObject({ code: "UNAUTHENTICATED" });
});

test("nothing of a session or a password is stored as it is", async () => {
  const person = await cloud.join(a, "stored@x.example");
  const { rows } = await cloud.database.pool.query(
    "select to_jsonb(s)::text as row from user_sessions s union all select to_jsonb(c)::text from user_credentials c",
  );
  expect(rows.length).toBeGreaterThan(1);
  const text = JSON.stringify(rows);
  expect(text).not.toContain(person.cookies.get(COOKIE));
  expect(text).not.toContain(PASSWORD);
  expect(text).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
});

test("an unknown address and a wrong password get the same answer", async () => {
  await cloud.join(a, "known@x.example");
  const answers = [
    await cloud.browser().post("/auth/login", { email: "known@x.example", password: "not the password" }),
    await cloud.browser().post("/auth/login", { email: "unknown@x.example", password: "not the password" }),
    await cloud.browser().post("/auth/login", { email: "no address", password: "not the password" }),
  ];
  for (const { status, body, headers } of answers) {
    expect([status, body]).toEqual([401, answers[0]?.body]);
    expect(headers["set-cookie"]).toBeUndefined();
  }
});

test.each(["guessed@x.example", "nobody@x.example"])(
  "ten tries in a quarter of an hour, at once too, for %s",
  async (email) => {
    if (email.startsWith("guessed")) await cloud.join(a, email);
    const browser = cloud.browser();
    const tries = await Promise.all(
      Array.from({ length: 14 }, () => browser.post("/auth/login", { email, password: "not the password" })),
    );
    expect(tries.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      ...Array(10).fill(401),
      ...Array(4).fill(429),
    ]);
    const refused = await browser.post("/auth/login", login(email));
    expect(refused).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(600);
    // From elsewhere the person is not locked out by somebody who guesses.
    expect((await cloud.browser().post("/auth/login", login(email))).status).toBe(
      email.startsWith("guessed") ? 204 : 401,
    );
    await cloud.database.pool.query("update login_attempts set since = now() - interval '16 minutes'");
    expect((await browser.post("/auth/login", login(email))).status).toBe(email.startsWith("guessed") ? 204 : 401);
  },
);

test("a sign-in begins another session, whatever cookie the browser had", async () => {
  const person = await cloud.join(a, "fixed@x.example");
  const before = person.cookies.get(COOKIE);
  await person.post("/auth/login", login(person.email));
  expect(person.cookies.get(COOKIE)).not.toBe(before);
});

test.each([
  ["idle_expires_at", "SESSION_EXPIRED"],
  ["expires_at", "SESSION_EXPIRED"],
  ["revoked_at", "UNAUTHENTICATED"],
])("a session ends by %s", async (column, code) => {
  const person = await cloud.join(a, `${column}@x.example`);
  expect((await person.get("/auth/session")).status).toBe(200);
  await cloud.database.pool.query(
    `update user_sessions s set ${column} = now() - interval '1 second' from memberships m, users u
     where m.id = s.membership_id and u.id = m.user_id and u.email = $1`,
    [person.email],
  );
  expect((await person.get("/auth/session")).body).toMatchObject({ code });
  const asked = await person.post("/graphql", { query: "{ viewer { scope } }" });
  expect([asked.status, asked.body]).toEqual([401, expect.objectContaining({ code })]);
});

test("a session that is used stays, but not beyond its absolute end", async () => {
  const person = await cloud.join(a, "used@x.example");
  const ends = async () =>
    (
      await cloud.database.pool.query(
        `select s.idle_expires_at > now() + interval '11 hours' as renewed, s.expires_at from user_sessions s
         join memberships m on m.id = s.membership_id join users u on u.id = m.user_id where u.email = $1`,
        [person.email],
      )
    ).rows[0] as { renewed: boolean; expires_at: Date };
  const before = await ends();
  await cloud.database.pool.query(
    "update user_sessions set last_seen_at = now() - interval '2 minutes', idle_expires_at = now() + interval '1 hour'",
  );
  expect((await ends()).renewed).toBe(false);
  await person.get("/auth/session");
  expect(await ends()).toEqual({ ...before, renewed: true });
});

test("what is sent with the cookie must come from the cloud's own page", async () => {
  const person = await cloud.join(a, "forged@x.example");
  const query = { query: "{ viewer { scope } }" };
  const foreign = [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "https://weir.example.evil.example" },
  ];
  for (const headers of foreign) {
    for (const url of ["/graphql", "/auth/logout", "/auth/tenant"])
      expect([url, (await person.post(url, query, headers)).body]).toEqual([
        url,
        expect.objectContaining({ code: "FORBIDDEN" }),
      ]);
  }
  const signIn = await cloud.browser().post("/auth/login", login(person.email), { origin: "https://evil.example" });
  expect(signIn).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  const without = await cloud.app.inject({
    method: "POST",
    url: "/graphql",
    headers: {
      host: "weir.example",
      cookie: `${COOKIE}=${person.cookies.get(COOKIE)}`,
      "content-type": "application/json",
    },
    payload: query,
  });
  expect([without.statusCode, without.json()]).toEqual([403, expect.objectContaining({ code: "FORBIDDEN" })]);
  const form = await person.post("/graphql", query, { "content-type": "text/plain" });
  expect(form.status).toBe(415);
  expect((await person.post("/graphql", query)).status).toBe(200);
});

test("where WEIR_PUBLIC_URL is set, it and no header says what the own origin is", async () => {
  const other = await startPeople({ publicUrl: "https://cloud.example" });
  const person = await other.join(await other.makeTenant(), "ada@x.example").catch((error: unknown) => error);
  expect(String(person)).toContain("FORBIDDEN");
  await other.stop();
});

test("a key of agents, or of another person, in the header goes before the cookie", async () => {
  const person = await cloud.join(a, "both@x.example");
  const query = { query: "{ viewer { tenant { id } } }" };
  const asB = await person.post("/graphql", query, { authorization: `Bearer ${b.userKey}` });
  expect(asB.body).toMatchObject({ data: { viewer: { tenant: { id: b.tenantId } } } });
  expect((await person.post("/graphql", query, { authorization: `Bearer ${a.agentKey}` })).status).toBe(403);
  expect((await person.post("/graphql", query, { authorization: "Bearer " })).status).toBe(401);
});

test("a key is no session: what is of the person is not opened by it", async () => {
  for (const url of ["/auth/tenant", "/auth/password", "/auth/logout", "/auth/device"])
    expect((await cloud.browser().post(url, {}, { authorization: `Bearer ${a.userKey}` })).status).toBe(401);
});

test("a person of two tenants goes from one to the other, and to no third; the session is another", async () => {
  const person = await cloud.join(a, "two@x.example");
  const token = await cloud.invited(b, person.email, "viewer");
  expect((await person.post("/auth/invitation/accept", { token, password: PASSWORD })).status).toBe(204);
  expect((await person.get("/auth/session")).body).toMatchObject({ tenant: { id: b.tenantId }, role: "viewer" });
  const before = person.cookies.get(COOKIE) ?? "";
  expect((await person.post("/auth/tenant", { tenantId: a.tenantId })).status).toBe(204);
  expect((await person.get<{ tenants: unknown[] }>("/auth/session")).body.tenants).toHaveLength(2);
  expect(await person.ask("{ viewer { tenant { id } } }")).toEqual({ viewer: { tenant: { id: a.tenantId } } });
  const old = cloud.browser();
  old.cookies.set(COOKIE, before);
  expect((await old.get("/auth/session")).status).toBe(401);
  const third = await cloud.makeTenant();
  expect((await person.post("/auth/tenant", { tenantId: third.tenantId })).body).toMatchObject({ code: "FORBIDDEN" });
});

test("another password ends every other session, and the old one opens nothing", async () => {
  const person = await cloud.join(a, "changed@x.example");
  const elsewhere = cloud.browser();
  await elsewhere.post("/auth/login", login(person.email));
  const next = "another horse battery";
  expect((await person.post("/auth/password", { password: "wrong", next })).status).toBe(401);
  expect((await person.post("/auth/password", { password: PASSWORD, next: "short" })).body).toMatchObject({
    code: "INVALID",
  });
  expect((await person.post("/auth/password", { password: PASSWORD, next })).status).toBe(204);
  expect((await person.get("/auth/session")).status).toBe(200);
  expect((await elsewhere.get("/auth/session")).status).toBe(401);
  expect((await cloud.browser().post("/auth/login", login(person.email))).status).toBe(401);
  expect((await cloud.browser().post("/auth/login", login(person.email, { password: next }))).status).toBe(204);
});

test("sign-up is closed unless it is opened; then an account comes with a tenant of its own", async () => {
  const wanted = { email: "new@x.example", password: PASSWORD, name: "New", tenant: "newcomers" };
  expect((await cloud.browser().post("/auth/sign-up", wanted)).body).toMatchObject({ code: "FORBIDDEN" });
  expect((await cloud.browser().get("/auth/ways")).body).toEqual({ signUp: false });
  const open = await startPeople({ signUp: "open" });
  const browser = open.browser();
  expect((await browser.get("/auth/ways")).body).toEqual({ signUp: true });
  expect((await browser.post("/auth/sign-up", wanted)).status).toBe(204);
  expect((await browser.get("/auth/session")).body).toMatchObject({
    user: { email: "new@x.example", name: "New" },
    tenant: { name: "newcomers" },
    role: "owner",
  });
  expect(await browser.ask("{ projects { nodes { name } } }")).toEqual({ projects: { nodes: [{ name: "default" }] } });
  const refused = [
    { ...wanted, tenant: "others" },
    { ...wanted, email: "another@x.example" },
    { ...wanted, email: "no address" },
    { ...wanted, email: "third@x.example", tenant: "third", password: "short" },
  ];
  const codes = [];
  for (const each of refused)
    codes.push((await open.browser().post<{ code: string }>("/auth/sign-up", each)).body.code);
  expect(codes).toEqual(["CONFLICT", "CONFLICT", "INVALID", "INVALID"]);
  expect((await open.database.pool.query("select email from users")).rows).toEqual([{ email: "new@x.example" }]);
  await open.stop();
});
