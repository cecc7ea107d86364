import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRun, type GraphqlFixture, startGraphqlFixture, type TestTenant } from "./testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const VIEWER = JSON.stringify({ query: "{ viewer { scope } }" });

interface Sent {
  readonly method?: "POST" | "GET" | "PUT" | "DELETE" | "PATCH" | "HEAD";
  readonly headers?: Record<string, string>;
  readonly payload?: string;
}

async function send({ method = "POST", headers = {}, payload = VIEWER }: Sent) {
  const body = method === "GET" || method === "HEAD" ? {} : { payload };
  const json = { "content-type": "application/json", ...headers };
  return await cloud.app.inject({ method, url: "/graphql", headers: json, ...body });
}

const asUser = (headers: Record<string, string> = {}) => ({ authorization: `Bearer ${tenant.userKey}`, ...headers });

test("without a credential nothing is parsed", async () => {
  const reply = await send({ payload: "{ this is no JSON" });
  expect(reply.statusCode).toBe(401);
  expect(reply.json()).toMatchObject({ code: "UNAUTHENTICATED" });
});

test("a wrong key and a key of agents are refused before anything is parsed", async () => {
  const wrong = await send({ headers: { authorization: `Bearer weir_u_${"x".repeat(36)}` }, payload: "{" });
  expect([wrong.statusCode, wrong.json<{ code: string }>().code]).toEqual([401, "UNAUTHENTICATED"]);
  const agents = await send({ headers: { authorization: `Bearer ${tenant.agentKey}` }, payload: "{" });
  expect([agents.statusCode, agents.json<{ code: string }>().code]).toEqual([403, "FORBIDDEN"]);
});

test("without a key the schema cannot be read either", async () => {
  const reply = await send({ payload: JSON.stringify({ query: "{ __schema { types { name } } }" }) });
  expect(reply.statusCode).toBe(401);
  expect(reply.body).not.toContain("__schema");
});

test("with a key it can", async () => {
  const { body } = await cloud.post<{ __schema: object }>(tenant.userKey, "{ __schema { queryType { name } } }");
  expect(body.data).toEqual({ __schema: { queryType: { name: "Query" } } });
});

test.each([
  ["a form", "application/x-www-form-urlencoded", "query=%7Bviewer%7Bscope%7D%7D"],
  [
    "a multipart form",
    "multipart/form-data; boundary=b",
    '--b\r\nContent-Disposition: form-data; name="query"\r\n\r\n{viewer{scope}}\r\n--b--\r\n',
  ],
  ["plain text", "text/plain", VIEWER],
  ["a GraphQL document", "application/graphql", "{ viewer { scope } }"],
  ["JSON in another charset", "application/json; charset=utf-16", VIEWER],
  ["JSON by another name", "application/graphql+json", VIEWER],
])("%s is not taken", async (_what, contentType, payload) => {
  const reply = await send({ headers: asUser({ "content-type": contentType }), payload });
  expect(reply.statusCode).toBe(415);
  expect(reply.json()).toMatchObject({
    code: "UNSUPPORTED_MEDIA_TYPE",
    message: expect.stringContaining("application/json"),
  });
});

test.each(["GET", "PUT", "DELETE", "PATCH"] as const)(
  "%s is not served, and needs a key to hear it",
  async (method) => {
    expect((await send({ method })).statusCode).toBe(401);
    const reply = await send({ method, headers: asUser() });
    expect(reply.statusCode).toBe(405);
    expect(reply.headers.allow).toBe("POST");
  },
);

test.each([
  ["a list of operations", `[${VIEWER}]`],
  ["a number", "7"],
  ["nothing of GraphQL", "{}"],
])("%s is no operation", async (_what, payload) => {
  const reply = await send({ headers: asUser(), payload });
  expect(reply.statusCode).toBe(400);
  expect(reply.json()).toMatchObject({ code: "INVALID", message: expect.stringContaining('"query"') });
});

test.each([
  ["an unknown field", "{ viewer { shoeSize } }", /shoeSize/],
  ["a syntax error", "{ viewer {", /Syntax Error/],
  ["a query that is no text", 7, /query/i],
])("%s is told, with the code INVALID", async (_what, query, sentence) => {
  const reply = await send({ headers: asUser(), payload: JSON.stringify({ query }) });
  const { errors } = reply.json<{ errors: { message: string; extensions: { code: string } }[] }>();
  expect(errors[0]).toMatchObject({ message: expect.stringMatching(sentence), extensions: { code: "INVALID" } });
});

test.each([
  [
    "deep",
    `{ flowRuns { edges { node { flow { currentVersion { flow { currentVersion { flow { currentVersion { flow { name } } } } } } } } } } }`,
    /depth/i,
  ],
  ["full of aliases", `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: viewer { scope }`).join(" ")} }`, /alias/i],
  ["full of directives", `{ viewer { ${"scope @include(if: true) ".repeat(11)} } }`, /directive/i],
  ["long", `{ viewer { ${"scope ".repeat(2_000)} } }`, /token/i],
  ["costly", "{ flowRuns(first: 200) { nodes { taskRuns(first: 200) { nodes { number } } } } }", /cost|could answer/i],
])("an operation that is too %s is refused", async (_what, query, sentence) => {
  const { body } = await cloud.post(tenant.userKey, query);
  expect(body.data).toBeUndefined();
  expect(body.errors?.[0]).toMatchObject({ message: expect.stringMatching(sentence), extensions: { code: "INVALID" } });
});

test("the cost follows the variables, also when the document is known already", async () => {
  const query =
    "query FlowRuns($first: Int!) { flowRuns(first: $first) { nodes { taskRuns(first: $first) { nodes { number } } } } }";
  expect((await cloud.post(tenant.userKey, query, { first: 5 })).body.errors).toBeUndefined();
  expect((await cloud.post(tenant.userKey, query, { first: 200 })).body.errors?.[0]?.message).toContain("could answer");
});

test("a body over the limit is refused by its size", async () => {
  const reply = await send({
    headers: asUser(),
    payload: JSON.stringify({ query: "{ viewer { scope } }", variables: { x: "y".repeat(4 << 20) } }),
  });
  expect(reply.statusCode).toBe(413);
  expect(reply.json()).toMatchObject({ code: "TOO_LARGE" });
});

test("a failure of the cloud's own is hidden, and found in the log by its reference", async () => {
  await cloud.database.pool.query("alter table agents rename to agents_away");
  const { body } = await cloud.post(tenant.userKey, "{ agents { nodes { name } } }");
  await cloud.database.pool.query("alter table agents_away rename to agents");
  const [error] = body.errors ?? [];
  expect(error?.extensions).toEqual({ code: "INTERNAL", http: undefined });
  expect(JSON.stringify(body)).not.toMatch(/agents_away|relation|prisma|\.ts/i);
  const reference = /under (\S+)\./.exec(error?.message ?? "")?.[1] ?? "none";
  expect(cloud.logged.some((line) => line.includes(reference) && line.includes("agents"))).toBe(true);
});

test("a NUL in a literal is told, and is no failure of the cloud", async () => {
  const { body } = await cloud.post(tenant.userKey, String.raw`{ flow(project: "a\u0000b", name: "c") { id } }`);
  expect(body.errors?.[0]).toMatchObject({ message: expect.stringContaining("NUL"), extensions: { code: "INVALID" } });
});

test("a key that is revoked opens nothing from then on", async () => {
  const other = await cloud.makeTenant();
  const { viewer } = await cloud.ask<{ viewer: { keyId: string } }>(other, "{ viewer { keyId } }");
  await cloud.ask(other, `mutation { revokeApiKey(id: "${viewer.keyId}") { __typename } }`);
  const refused = await cloud.post(other.userKey, "{ viewer { scope } }");
  expect(refused).toMatchObject({ status: 401, body: { code: "KEY_REVOKED" } });
});

test("introspection of the Prisma client's models shows no secret: a key has no hash", async () => {
  const { body } = await cloud.post<{ __type: { fields: { name: string }[] } }>(
    tenant.userKey,
    `{ __type(name: "ApiKey") { fields { name } } }`,
  );
  const names = body.data?.__type.fields.map((field) => field.name);
  expect(names).not.toContain("hash");
  expect(names).not.toContain("lookup");
});

test("the dashboard's page is public, under its own policy, and holds no data", async () => {
  await createRun(cloud, tenant, `flow-${makeId()}`);
  const reply = await cloud.app.inject({ method: "GET", url: "/" });
  expect(reply.statusCode).toBe(200);
  expect(reply.headers["content-type"]).toMatch(/^text\/html/);
  expect(reply.headers["content-security-policy"]).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect(reply.body).not.toContain(tenant.tenantId);
  for (const [, address] of reply.body.matchAll(/(?:href|src)="([^"]+)"/g))
    expect((await cloud.app.inject({ method: "GET", url: address ?? "" })).statusCode).toBe(200);
});
