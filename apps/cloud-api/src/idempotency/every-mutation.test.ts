import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "../graphql/graphql-js.ts";
import { schema } from "../graphql/schema.ts";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "../graphql/testing/graphql-fixture.ts";

// Every mutation of the schema, those too that are added later: the same request twice, with a key, is one operation and one answer.

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

/** Some value of a type. */
function valueOf(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return valueOf(type.ofType);
  if (isListType(type)) return [valueOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) return required(Object.values(type.getFields()));
  return SCALARS[type.name]?.();
}

const SCALARS: Readonly<Record<string, () => unknown>> = {
  ID: makeId,
  String: () => "x",
  Int: () => 1,
  Float: () => 1,
  Boolean: () => true,
  JSON: () => ({}),
  DateTime: () => "2030-01-31T09:00:00Z",
};

const required = (given: readonly (GraphQLArgument | GraphQLInputField)[]) =>
  Object.fromEntries(given.filter(({ type }) => isNonNullType(type)).map(({ name, type }) => [name, valueOf(type)]));

const MUTATIONS = Object.values(schema.getMutationType()?.getFields() ?? {});

async function post(payload: object, key: string) {
  const headers = { authorization: `Bearer ${tenant.userKey}`, "idempotency-key": key };
  const reply = await cloud.app.inject({ method: "POST", url: "/graphql", headers, payload });
  return { status: reply.statusCode, text: reply.body, replayed: reply.headers["idempotency-replayed"] };
}

async function timesAsked(action: string): Promise<number> {
  const { rowCount } = await cloud.database.pool.query(
    "select from audit_entries where tenant_id = $1 and action = $2 and outcome = 'asked'",
    [tenant.tenantId, action],
  );
  return rowCount ?? 0;
}

test("there are mutations to look at", () => {
  expect(MUTATIONS.length).toBeGreaterThan(12);
});

test.each(MUTATIONS.map(({ name, args }) => ({ name, args })))(
  "$name, sent twice with one key, is done once and answered alike",
  async ({ name, args }) => {
    const variables = required(args);
    const known = args.filter((argument) => Object.hasOwn(variables, argument.name));
    const declared = known.map((argument) => `$${argument.name}: ${String(argument.type)}`).join(", ");
    const passed = known.map((argument) => `${argument.name}: $${argument.name}`).join(", ");
    const [head, call] = known.length === 0 ? ["", name] : [`(${declared})`, `${name}(${passed})`];
    const payload = { query: `mutation ${head} { ${call} { __typename ... on Refusal { code message } } }`, variables };
    const first = await post(payload, `twice-${name}`);
    expect(first.text).toContain(`"${name}":{`);
    expect(await post(payload, `twice-${name}`)).toEqual({ ...first, replayed: "true" });
    expect([name, await timesAsked(name)]).toEqual([name, 1]);
    await post(payload, `another-${name}`);
    expect([name, await timesAsked(name)]).toEqual([name, 2]);
  },
);
