import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { type PeopleFixture, startPeople, type TestPerson } from "./testing/people-fixture.ts";

let cloud: PeopleFixture;
let tenant: TestTenant;
let person: TestPerson;

beforeAll(async () => {
  cloud = await startPeople();
  tenant = await cloud.makeTenant();
  person = await cloud.join(tenant, "ada@x.example", "viewer");
});
afterAll(() => cloud.stop());

const VERIFIER = "what the program alone knows";
const challenge = createHash("sha256").update(VERIFIER).digest("base64url");
const allow = async () => (await person.post<{ code: string }>("/auth/cli/allow", { challenge })).body.code;
const exchange = (code: string, verifier = VERIFIER) =>
  cloud.browser().post<{ key: string }>("/auth/cli/exchange", { code, verifier, device: "laptop" });

test("a person lets a program act for them: it gets a key of theirs, with their role, once", async () => {
  const code = await allow();
  const { status, body } = await exchange(code);
  expect([status, body]).toEqual([
    200,
    { key: expect.stringMatching(/^weir_u_/) as string, tenant: `tenant ${tenant.tenantId}`, email: "ada@x.example" },
  ]);
  const made = await cloud.post(
    body.key,
    `mutation { createProject(input: { name: "x" }) { ... on Refusal { code } } }`,
  );
  expect(made.body.data).toEqual({ createProject: { code: "FORBIDDEN" } });
  expect((await cloud.post(body.key, "{ viewer { scope } }")).body.data).toEqual({ viewer: { scope: "user" } });
  const { rows } = await cloud.database.pool.query(
    `select k.name, u.email, k.expires_at between now() + interval '89 days' and now() + interval '91 days' as ends
     from api_keys k join users u on u.id = k.user_id`,
  );
  expect(rows).toEqual([{ name: "weir login on laptop", email: "ada@x.example", ends: true }]);
  expect((await exchange(code)).status).toBe(401);
});

test("a code is worth nothing to another program, nor after two minutes, and is tried once", async () => {
  const stolen = await allow();
  expect((await exchange(stolen, "a guess")).status).toBe(401);
  expect((await exchange(stolen)).status).toBe(401);
  const late = await allow();
  await cloud.database.pool.query("update login_codes set expires_at = now() - interval '1 second'");
  expect((await exchange(late)).status).toBe(401);
});

test("nobody allows anything without a session, or from another site's page", async () => {
  expect((await cloud.browser().post("/auth/cli/allow", { challenge })).status).toBe(401);
  expect((await person.post("/auth/cli/allow", { challenge }, { origin: "https://evil.example" })).status).toBe(403);
});

test("the page is the same for everybody, has no script of its own in it, and may load from here alone", async () => {
  for (const url of ["/auth/login", "/auth/invitation", "/auth/cli"]) {
    const { payload, headers } = await cloud.app.inject({ url });
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
    );
    expect(payload).not.toMatch(/<script(?! src="\/auth\/page\.js" defer><\/script>)|\son\w+=|style=/);
  }
  const script = (await cloud.app.inject({ url: "/auth/page.js" })).payload;
  expect(script).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|localStorage|document\.cookie/,
  );
});
