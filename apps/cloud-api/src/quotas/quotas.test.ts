import { afterAll, beforeAll, expect, test } from "vitest";
import { makeId } from "@weir/protocol";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { log } from "../run-door/testing/events.ts";

let cloud: GraphqlFixture;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
});
afterAll(() => cloud.stop());

async function tenantWith(quotas: Readonly<Record<string, number>>): Promise<TestTenant> {
  const tenant = await cloud.makeTenant();
  const [columns, sizes] = [Object.keys(quotas), Object.values(quotas)];
  await cloud.database.pool.query(
    `insert into tenant_quotas (tenant_id, ${columns.join(", ")}) values ($1, ${sizes.join(", ")})`,
    [tenant.tenantId],
  );
  return tenant;
}

interface Told {
  readonly result: { readonly __typename: string; readonly code?: string; readonly message?: string };
}

async function change(tenant: TestTenant, field: string, variables: object = {}, head = ""): Promise<Told["result"]> {
  const query = `mutation ${head} { result: ${field} { __typename ... on Refusal { code message } } }`;
  return (await cloud.ask<Told>(tenant, query, variables)).result;
}

const register = (tenant: TestTenant, name: string) =>
  change(
    tenant,
    `registerFlow(input: { project: "default", registration: $r })`,
    { r: registration(name) },
    "($r: JSON!)",
  );
const run = (tenant: TestTenant, more = "") =>
  change(tenant, `createFlowRun(input: { project: "default", flow: "f"${more} })`);

test("flows: the one too many is refused by name, size and use; those that are there take new versions", async () => {
  const tenant = await tenantWith({ flows: 2 });
  await register(tenant, "one");
  await register(tenant, "two");
  expect(await register(tenant, "three")).toEqual({
    __typename: "Refusal",
    code: "QUOTA_EXCEEDED",
    message: expect.stringContaining("The tenant may have 2 flows (quota flows) and has 2; 1 more would be too many."),
  });
  expect(await register(tenant, "two")).toMatchObject({ __typename: "RegisterFlowPayload" });
});

test("runs of a day: the one too many is refused, and a key that made a run is still answered it", async () => {
  const tenant = await tenantWith({ runs_per_day: 2 });
  await createRun(cloud, tenant, "f", { idempotencyKey: "once" });
  expect(await run(tenant)).toMatchObject({ __typename: "CreateFlowRunPayload" });
  expect(await run(tenant)).toMatchObject({
    code: "QUOTA_EXCEEDED",
    message: expect.stringMatching(/2 flow runs a day/),
  });
  expect(await run(tenant, `, idempotencyKey: "once"`)).toMatchObject({ __typename: "CreateFlowRunPayload" });
});

test("runs of yesterday do not count", async () => {
  const tenant = await tenantWith({ runs_per_day: 1 });
  await register(tenant, "f");
  await cloud.database.pool.query(
    `insert into flow_runs (id, tenant_id, flow_id, flow_version_id, name, parameters, scheduled_start_time, state)
     select (lpad(to_hex((extract(epoch from now() - interval '25 hours') * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid,
       f.tenant_id, f.id, v.id, 'old', '{}', now(), 'Cancelled'
     from flows f join flow_versions v on v.flow_id = f.id where f.tenant_id = $1`,
    [tenant.tenantId],
  );
  expect(await run(tenant)).toMatchObject({ __typename: "CreateFlowRunPayload" });
});

test("keys: those that are revoked make room", async () => {
  const tenant = await tenantWith({ keys: 3 });
  const make = () => change(tenant, `createApiKey(input: { name: "k", scope: user })`);
  expect(await make()).toMatchObject({ __typename: "CreateApiKeyPayload" });
  expect(await make()).toMatchObject({ code: "QUOTA_EXCEEDED", message: expect.stringContaining("3 API keys") });
  await cloud.database.pool.query("update api_keys set revoked_at = now() where tenant_id = $1 and name = 'k'", [
    tenant.tenantId,
  ]);
  expect(await make()).toMatchObject({ __typename: "CreateApiKeyPayload" });
});

test("the key-value store: what is replaced makes room for what replaces it", async () => {
  const tenant = await tenantWith({ kv_bytes: 20 });
  const set = (key: string, value: string) => change(tenant, `setKv(input: { key: "${key}", value: "${value}" })`);
  expect(await set("a", "0123456789")).toMatchObject({ __typename: "SetKvPayload" });
  expect(await set("b", "0123456789")).toMatchObject({
    code: "QUOTA_EXCEEDED",
    message: expect.stringContaining("has 12; 12 more"),
  });
  expect(await set("a", "0123456789abcde")).toMatchObject({ __typename: "SetKvPayload" });
});

test("members: whoever is invited has a place", async () => {
  const tenant = await tenantWith({ members: 2 });
  await cloud.database.pool.query(
    `with person as (insert into users (id, email) values ($1, 'member@example.org') returning id)
     insert into memberships (id, tenant_id, user_id, role) select $1, $2, id, 'viewer' from person`,
    [makeId(), tenant.tenantId],
  );
  const invite = (email: string) => change(tenant, `inviteMember(input: { email: "${email}", role: "viewer" })`);
  expect(await invite("a@example.org")).toMatchObject({ __typename: "InviteMemberPayload" });
  expect(await invite("b@example.org")).toMatchObject({
    code: "QUOTA_EXCEEDED",
    message: expect.stringContaining("2 members"),
  });
});

test("log lines over the quota are cut where people see it; none is missing, and the run goes on to its end", async () => {
  const tenant = await tenantWith({ log_bytes_per_day: 25 });
  const id = await createRun(cloud, tenant, "f");
  const agent = await enrolAgent(cloud, tenant);
  await agent.claim();
  const at = 1_700_000_000_000;
  await agent.report(id, [
    { kind: "flow", at, state: "Running" },
    log("0123456789"),
    log("0123456789"),
    log("0123456789"),
  ]);
  await agent.report(id, [log("abcde"), log("x"), { kind: "flow", at, state: "Success" }]);
  const query = `{ flowRun(id: "${id}") { state logs { nodes { number text } } } }`;
  const cut = (bytes: number) =>
    `[cut by Weir: ${bytes} bytes; the tenant's quota of 25 bytes of log lines a day (by UTC) is used up]`;
  expect(await cloud.ask(tenant, query)).toEqual({
    flowRun: {
      state: "Success",
      logs: {
        nodes: [
          { number: 2, text: "0123456789" },
          { number: 3, text: "0123456789" },
          { number: 4, text: cut(10) },
          { number: 5, text: "abcde" },
          { number: 6, text: cut(1) },
        ],
      },
    },
  });
});

test("no tenant can give itself more: the cloud may only read quotas", async () => {
  const { rows } = await cloud.database.pool.query(
    `select has_table_privilege('weir_app', 'tenant_quotas', p) as may from unnest(array['insert', 'update', 'delete', 'truncate']) p`,
  );
  expect(rows).toEqual([{ may: false }, { may: false }, { may: false }, { may: false }]);
});
