import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { PASSWORD, type PeopleFixture, startPeople } from "../people/testing/people-fixture.ts";

let cloud: PeopleFixture;
beforeAll(async () => {
  cloud = await startPeople();
});
afterAll(() => cloud.stop());

async function entries({ tenantId }: TestTenant): Promise<Record<string, unknown>[]> {
  const { rows } = await cloud.database.pool.query<Record<string, unknown>>(
    `select action, outcome, code, actor_kind as kind, actor_id is not null as known, encode(actor_name, 'hex') as name
     from audit_entries where tenant_id = $1 and session_id is not null or tenant_id = $1 and outcome = 'denied' order by sequence`,
    [tenantId],
  );
  return rows;
}

const DONE = { outcome: "done", code: null, kind: "user", known: true, name: null };

test("whoever joins and signs in is written down in the tenant whose session begins", async () => {
  const tenant = await cloud.makeTenant();
  await cloud.join(tenant, "ada@audit.example");
  await cloud.browser().post("/auth/login", { email: "ada@audit.example", password: PASSWORD });
  expect(await entries(tenant)).toEqual([
    { ...DONE, action: "/auth/invitation/accept" },
    { ...DONE, action: "/auth/login" },
  ]);
});

test("a wrong password is written down in the account's tenants, without the address; one of nobody's nowhere", async () => {
  const [tenant, other] = [await cloud.makeTenant(), await cloud.makeTenant()];
  await cloud.join(tenant, "bob@audit.example");
  const browser = cloud.browser();
  await browser.post("/auth/login", { email: "nobody@audit.example", password: "not the password" });
  await browser.post("/auth/login", { email: "bob@audit.example", password: "not the password" });
  await eventually(async () =>
    expect((await entries(tenant)).slice(1)).toEqual([
      {
        action: "/auth/login",
        outcome: "denied",
        code: "UNAUTHENTICATED",
        kind: "user",
        known: false,
        name: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]),
  );
  expect(await entries(other)).toEqual([]);
  const { rowCount } = await cloud.database.pool.query(
    "select from audit_entries e where to_jsonb(e)::text like '%bob%'",
  );
  expect(rowCount).toBe(0);
});

test("whoever signs out is written down, as the session that is over", async () => {
  const tenant = await cloud.makeTenant();
  const person = await cloud.join(tenant, "out@audit.example");
  expect((await person.post("/auth/logout", {})).status).toBe(204);
  expect((await entries(tenant)).at(-1)).toEqual({ ...DONE, action: "/auth/logout" });
});

test("a key ends itself, whatever it may do, and that is written down", async () => {
  const tenant = await cloud.makeTenant();
  const end = () =>
    cloud.app.inject({ method: "POST", url: "/auth/cli/end", headers: { authorization: `Bearer ${tenant.userKey}` } });
  expect((await end()).statusCode).toBe(204);
  expect((await end()).json()).toMatchObject({ code: "KEY_REVOKED" });
  const { rows } = await cloud.database.pool.query(
    "select action, outcome, actor_kind as kind from audit_entries where tenant_id = $1 and outcome = 'done'",
    [tenant.tenantId],
  );
  expect(rows).toEqual([{ action: "/auth/cli/end", outcome: "done", kind: "key" }]);
});

test("a session is no key that could be ended", async () => {
  const tenant = await cloud.makeTenant();
  const person = await cloud.join(tenant, "no-key@audit.example");
  expect((await person.post("/auth/cli/end", {})).body).toMatchObject({ code: "INVALID" });
  expect((await person.get("/auth/session")).status).toBe(200);
});

test("a session whose beginning cannot be written down is given to nobody", async () => {
  const tenant = await cloud.makeTenant();
  await cloud.join(tenant, "eve@audit.example");
  await cloud.database.pool.query("revoke insert on audit_entries from weir_app");
  const browser = cloud.browser();
  const { status } = await browser.post("/auth/login", { email: "eve@audit.example", password: PASSWORD });
  await cloud.database.pool.query("grant insert on audit_entries to weir_app");
  expect([status, browser.cookies.size]).toEqual([500, 0]);
});
