import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { idempotencySweeper } from "../loops/idempotency-sweeper.ts";

let cloud: GraphqlFixture;
let a: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  a = await cloud.makeTenant();
  await createRun(cloud, a, "f");
});
afterAll(() => cloud.stop());

interface Body {
  readonly data?: Readonly<Record<string, { readonly key?: string; readonly flowRun?: { readonly id: string } }>>;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

async function post(query: string, idempotencyKey: string, tenant = a) {
  const headers = { authorization: `Bearer ${tenant.userKey}`, "idempotency-key": idempotencyKey };
  const reply = await cloud.app.inject({ method: "POST", url: "/graphql", headers, payload: { query } });
  return { status: reply.statusCode, headers: reply.headers, body: reply.json<Body>(), text: reply.body };
}

const project = (name: string) =>
  `mutation { createProject(input: { name: "${name}" }) { __typename ... on Refusal { code } } }`;
const KEY = `mutation { createApiKey(input: { name: "once", scope: user }) { ... on CreateApiKeyPayload { key } } }`;
const RUN = `mutation { createFlowRun(input: { project: "default", flow: "f" }) { ... on CreateFlowRunPayload { flowRun { id } } } }`;

async function rows(sql: string, values: unknown[] = []): Promise<number> {
  return (await cloud.database.pool.query(sql, values)).rowCount ?? 0;
}

test("a key is made once, and shown to whoever asks again with the same key; the database could not show it", async () => {
  const once = randomUUID();
  const first = await post(KEY, once);
  const again = await post(KEY, `"${once}"`);
  expect(again.text).toBe(first.text);
  const shown = first.body.data?.createApiKey?.key ?? "";
  expect(shown).toMatch(/^weir_u_/);
  expect(await rows("select from api_keys where name = 'once'")).toBe(1);
  const { rows: kept } = await cloud.database.pool.query<{ reply: Buffer; key_hash: Buffer }>(
    "select * from idempotency_keys",
  );
  const all = Buffer.concat(kept.flatMap(({ reply, key_hash }) => [reply, key_hash])).toString("latin1");
  for (const secret of [shown, once, "createApiKey"]) expect(all).not.toContain(secret);
});

test("the key of another request is refused, and does nothing", async () => {
  const key = randomUUID();
  await post(project("one-more"), key);
  expect((await post(project("other"), key)).body.errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
  expect(await rows("select from projects where name = 'other'")).toBe(0);
});

test("of ten at one moment one is begun; the others are told to ask again, and then get its answer", async () => {
  const key = randomUUID();
  const replies = await Promise.all(Array.from({ length: 10 }, () => post(project("crowd"), key)));
  const told = replies.filter(({ body }) => body.errors?.[0]?.extensions.code === "IN_PROGRESS");
  for (const { status, headers } of told) expect([status, headers["retry-after"]]).toEqual([409, "1"]);
  const answers = replies.filter(({ body }) => body.data !== undefined && body.data !== null).map(({ text }) => text);
  expect(told.length + answers.length).toBe(10);
  expect(new Set([...answers, (await post(project("crowd"), key)).text]).size).toBe(1);
  expect(answers[0]).toContain("CreateProjectPayload");
});

test("a key is of whoever sent it: another tenant's is another", async () => {
  const b = await cloud.makeTenant();
  await post(project("shared"), "shared-key");
  expect((await post(project("shared"), "shared-key", b)).body.data).toMatchObject({
    createProject: { __typename: "CreateProjectPayload" },
  });
});

test("another key of the same tenant is not answered what the first one was", async () => {
  const make = `mutation { createApiKey(input: { name: "second", scope: user }) { ... on CreateApiKeyPayload { key } } }`;
  const { data } = (await post(make, randomUUID())).body;
  const once = randomUUID();
  await post(KEY, once);
  const other = await post(KEY, once, { ...a, userKey: data?.createApiKey?.key ?? "" });
  expect(other.headers["idempotency-replayed"]).toBeUndefined();
  expect(other.body.data?.createApiKey?.key).toMatch(/^weir_u_/);
});

test("a request whose replica was lost is begun again after a minute, and makes no second run", async () => {
  const key = randomUUID();
  const first = await post(RUN, key);
  await cloud.database.pool.query("update idempotency_keys set answered_at = null, status = null, reply = null");
  expect((await post(RUN, key)).body.errors).toMatchObject([{ extensions: { code: "IN_PROGRESS" } }]);
  await cloud.database.pool.query("update idempotency_keys set asked_at = now() - interval '61 seconds'");
  const second = await post(RUN, key);
  expect(second.headers["idempotency-replayed"]).toBeUndefined();
  expect(second.body.data).toEqual(first.body.data);
});

test("two runs in one request with a key are two", async () => {
  const field = (alias: string) =>
    `${alias}: createFlowRun(input: { project: "default", flow: "f" }) { ... on CreateFlowRunPayload { flowRun { id } } }`;
  const { body } = await post(`mutation { ${field("one")} ${field("two")} }`, randomUUID());
  expect(body.data?.one?.flowRun?.id).not.toBe(body.data?.two?.flowRun?.id);
});

test("what may succeed later is not kept: the same request is begun again", async () => {
  const key = randomUUID();
  await cloud.database.pool.query("alter table projects rename to projects_away");
  expect((await post(project("later"), key)).status).toBe(500);
  await cloud.database.pool.query("alter table projects_away rename to projects");
  expect((await post(project("later"), key)).body.data).toMatchObject({
    createProject: { __typename: "CreateProjectPayload" },
  });
});

test("a question has no effect, and its key none either", async () => {
  const key = randomUUID();
  await post("{ viewer { scope } }", key);
  expect((await post(project("after a question"), key)).body.data).toMatchObject({
    createProject: { __typename: "CreateProjectPayload" },
  });
});

test.each(["", " ", "ä", "a b", "x".repeat(201), '"'])("the key %j is refused", async (key) => {
  expect(await post(project("never"), key)).toMatchObject({ status: 400, body: { code: "INVALID" } });
});

test("after a day a key is free, and the sweeper removes it", async () => {
  const key = randomUUID();
  await post(project("yesterday"), key);
  await cloud.database.pool.query("update idempotency_keys set asked_at = now() - interval '25 hours'");
  expect((await post(project("today"), key)).body.data).toMatchObject({
    createProject: { __typename: "CreateProjectPayload" },
  });
  await idempotencySweeper(cloud.database.pool, 1).tick();
  expect(await rows("select from idempotency_keys")).toBe(1);
});
