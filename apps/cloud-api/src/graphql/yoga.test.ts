import { afterAll, beforeAll, expect, test } from "vitest";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "./testing/graphql-fixture.ts";
import { permissionsOf } from "../rights/permissions-of.ts";
import { Rates } from "../rates/rates.ts";
import { createGraphql } from "./yoga.ts";

// The second line: what holds when the HTTP server in front of GraphQL let something through that it should not.

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

async function fetchAs(
  scope: "user" | "agent",
  query: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const permissions = permissionsOf("owner");
  const principal = { tenantId: tenant.tenantId, keyId: tenant.tenantId, scope, permissions };
  const asked = { principal, params: { query }, gone: new AbortController().signal };
  const reply = await createGraphql({
    ...cloud.deps,
    rates: new Rates(cloud.deps.config.rates, () => performance.now()),
  }).fetch(new Request("http://cloud/graphql", { method: "POST", headers }), asked);
  return { status: reply.status, text: await reply.text() };
}

const JSON_HEADERS = { "content-type": "application/json", accept: "application/json" };

test("a body that a browser may send across sites unasked is refused", async () => {
  const refused = await fetchAs("user", "{ viewer { scope } }", { "content-type": "text/plain" });
  expect(refused.status).toBe(403);
  expect((await fetchAs("user", "{ viewer { scope } }", JSON_HEADERS)).status).toBe(200);
});

test.each([
  ["a query", "{ viewer { scope } }"],
  ["a mutation", `mutation { createProject(input: { name: "agents" }) { ... on Refusal { code } } }`],
  ["a subscription", `subscription { flowRunUpdates(id: "01900000-0000-7000-8000-000000000000") { after } }`],
])("%s with the scope of agents is refused", async (_what, query) => {
  const accept = query.startsWith("subscription") ? "text/event-stream" : "application/json";
  const { text } = await fetchAs("agent", query, { ...JSON_HEADERS, accept });
  expect(text).toContain('"code":"FORBIDDEN"');
  const { rowCount } = await cloud.database.pool.query("select 1 from projects where name = 'agents'");
  expect(rowCount).toBe(0);
});
