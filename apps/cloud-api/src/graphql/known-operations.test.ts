import { createHash } from "node:crypto";
import { dashboardOperations } from "@weir/cloud-dashboard";
import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PeopleFixture, startPeople, type TestPerson } from "../people/testing/people-fixture.ts";
import { getOperationAST, parse, validate } from "./graphql-js.ts";
import { schema } from "./schema.ts";
import type { TestTenant } from "./testing/graphql-fixture.ts";

let cloud: PeopleFixture;
let strict: PeopleFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startPeople();
  strict = await startPeople({ sessionOperations: "dashboard" });
  tenant = await cloud.makeTenant();
});
afterAll(async () => {
  await cloud.stop();
  await strict.stop();
});

const OPERATIONS = [...dashboardOperations()];
const operationOf = (text: string) => getOperationAST(parse(text), null);
const idOf = (name: string) => OPERATIONS.find(([, text]) => operationOf(text)?.name?.value === name)?.[0] ?? "none";

async function send(payload: object, headers: Record<string, string> = {}) {
  const own = { authorization: `Bearer ${tenant.userKey}`, "content-type": "application/json", ...headers };
  const reply = await cloud.app.inject({ method: "POST", url: "/graphql", headers: own, payload });
  return { status: reply.statusCode, body: reply.body, headers: reply.headers };
}

test("the dashboard's operations are known by the SHA-256 of their text, and fit the schema", () => {
  expect(OPERATIONS.length).toBeGreaterThan(0);
  for (const [id, text] of OPERATIONS) {
    expect(createHash("sha256").update(text).digest("hex")).toBe(id);
    expect(validate(schema, parse(text)).map(({ message }) => message)).toEqual([]);
  }
});

test("an operation that is named by its id is answered as its text is", async () => {
  const [id, query = ""] = OPERATIONS.find(([key]) => key === idOf("Viewer")) ?? [];
  const byText = await send({ query });
  expect(JSON.parse(byText.body)).toMatchObject({ data: { viewer: {} } });
  const byId = await send({ extensions: { operationId: id }, variables: {} });
  expect([byId.status, byId.body]).toEqual([byText.status, byText.body]);
});

test.each(["f".repeat(64), "__proto__", "constructor", ""])(
  "an id that the cloud does not know is refused by a code of its own: %s",
  async (operationId) => {
    const { status, body } = await send({ extensions: { operationId }, variables: {} });
    expect(status).toBe(404);
    expect(JSON.parse(body)).toMatchObject({ code: "OPERATION_UNKNOWN", message: expect.stringContaining("`query`") });
  },
);

test.each([{ operationId: 7 }, { operationId: null }, {}, null, [], "x"])(
  "what names no operation is none: %j",
  async (extensions) => {
    const { status, body } = await send({ extensions });
    expect([status, JSON.parse(body)]).toMatchObject([400, { code: "INVALID" }]);
  },
);

test("a text goes before an id", async () => {
  const { body } = await send({ query: "{ __typename }", extensions: { operationId: idOf("Viewer") } });
  expect(JSON.parse(body)).toMatchObject({ data: { __typename: "Query" } });
});

test("what is named by an id is measured like any other: its cost, its permissions, its variables", async () => {
  const costs = await send({ extensions: { operationId: idOf("Viewer") } });
  expect(JSON.parse(costs.body)).toMatchObject({ extensions: { cost: { asked: expect.any(Number) } } });
  const stranger = await send({ extensions: { operationId: idOf("Viewer") } }, { authorization: "Bearer nothing" });
  expect(stranger.status).toBe(401);
});

test("an id that was refused does not take its idempotency key: the same key comes again with the text", async () => {
  const key = { "idempotency-key": makeId() };
  expect((await send({ extensions: { operationId: "f".repeat(64) } }, key)).status).toBe(404);
  const query = `mutation { createProject(input: { name: "by text" }) { __typename } }`;
  expect(JSON.parse((await send({ query }, key)).body)).toMatchObject({
    data: { createProject: { __typename: "CreateProjectPayload" } },
  });
});

test("a cloud that is told to takes the dashboard's operations alone of browsers, and any of keys", async () => {
  const own = await strict.makeTenant();
  const person: TestPerson = await strict.join(own, "ada@x.example");
  const foreign = await person.post("/graphql", { query: "{ viewer { scope } }" });
  expect(foreign).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  const [id, query] = OPERATIONS.find(([key]) => key === idOf("Viewer")) ?? [];
  const known = { status: 200, body: { data: { viewer: {} } } };
  expect(await person.post("/graphql", { extensions: { operationId: id } })).toMatchObject(known);
  expect(await person.post("/graphql", { query })).toMatchObject(known);
  expect(await strict.ask(own, "{ viewer { scope } }")).toEqual({ viewer: { scope: "user" } });
});
