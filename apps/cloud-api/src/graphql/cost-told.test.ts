import { afterAll, beforeAll, expect, test } from "vitest";
import { QUERY_LIMITS } from "./query-limits.ts";
import { createRun, type GraphqlFixture, startGraphqlFixture, type TestTenant } from "./testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

async function send(body: object, accept = "application/json") {
  const headers = { authorization: `Bearer ${tenant.userKey}`, "content-type": "application/json", accept };
  return await cloud.app.inject({ method: "POST", url: "/graphql", headers, payload: JSON.stringify(body) });
}

const costIn = (text: string) => JSON.parse(/"cost":(\{[^}]*\})/.exec(text)?.[1] ?? "null") as unknown;

test("a reply says what its operation cost, by the size of its pages, and the limit", async () => {
  const query = "query ($first: Int) { flowRuns(first: $first) { nodes { id name } } }";
  const costs = [];
  for (const first of [1, 10]) costs.push(costIn((await send({ query, variables: { first } })).body));
  expect(costs).toEqual([
    { asked: 3, limit: QUERY_LIMITS.cost },
    { asked: 21, limit: QUERY_LIMITS.cost },
  ]);
});

test("a refusal for its cost says how much was asked", async () => {
  const reply = await send({
    query: "{ flowRuns(first: 200) { nodes { taskRuns(first: 200) { nodes { number } } } } }",
  });
  expect(costIn(reply.body)).toEqual({ asked: 40_201, limit: QUERY_LIMITS.cost });
  expect(reply.body).toContain("could answer 40201 fields");
});

test("every message of a stream says it", async () => {
  const id = await createRun(cloud, tenant, "told");
  await cloud.ask(tenant, "mutation ($id: ID!) { cancelFlowRun(id: $id) { __typename } }", { id });
  const query = "subscription ($id: ID!) { flowRunUpdates(id: $id) { after } }";
  const { body } = await send({ query, variables: { id } }, "text/event-stream");
  expect(body).toContain('"after"');
  expect(costIn(body)).toMatchObject({ limit: QUERY_LIMITS.cost });
});

const LIMITED: [string, string][] = [
  ["deep", `{ flowRun(id: "x") ${"{ parent ".repeat(11)} { id } ${"}".repeat(11)} }`],
  ["full of aliases", `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: viewer { scope }`).join(" ")} }`],
  ["full of directives", `{ viewer { ${"scope @include(if: true) ".repeat(11)} } }`],
  ["long", `{ viewer { ${"scope ".repeat(2_000)} } }`],
];
const AS_STREAM = LIMITED.map(
  ([what, query]) =>
    [
      what,
      query
        .replace("{", "subscription {")
        .replace('flowRun(id: "x")', 'flowRunUpdates(id: "x") { flowRun')
        .concat(what === "deep" ? "}" : ""),
    ] as const,
);

test.each([
  ...LIMITED.map((one) => [...one, "application/json"] as const),
  ...AS_STREAM.map((one) => [...one, "text/event-stream"] as const),
  ...LIMITED.map((one) => [...one, "text/event-stream"] as const),
])("an operation that is too %s is refused on every transport: %s, %s", async (_what, query, accept) => {
  const { body } = await send({ query }, accept);
  expect(body).toMatch(/limit|exceeded|Depth|Aliases|tokens/i);
  expect(body).toContain('"code":"INVALID"');
  expect(body).not.toContain('"data":{');
});

test.each(["application/json", "text/event-stream"])(
  "a list of operations is none, on every transport: %s",
  async (accept) => {
    const reply = await send([{ query: "{ viewer { scope } }" }], accept);
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ code: "INVALID" });
  },
);

test("a subscription that does not ask for a stream is told so", async () => {
  const reply = await send({
    query: 'subscription { flowRunUpdates(id: "01900000-0000-7000-8000-000000000000") { after } }',
  });
  expect(reply.json()).toMatchObject({ code: "INVALID", message: expect.stringContaining("text/event-stream") });
});

test("keys of agents read nothing of the schema", async () => {
  const headers = { authorization: `Bearer ${tenant.agentKey}`, "content-type": "application/json" };
  const payload = JSON.stringify({ query: "{ __schema { queryType { name } } }" });
  const reply = await cloud.app.inject({ method: "POST", url: "/graphql", headers, payload });
  expect(reply.statusCode).toBe(403);
  expect(reply.json()).toMatchObject({ code: "FORBIDDEN" });
});
