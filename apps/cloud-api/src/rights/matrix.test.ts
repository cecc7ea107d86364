import { beyond, makeId, type Permission, ROLES } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey, type Rights } from "../api-keys/api-keys.ts";
import { type GraphQLField, getNamedType, isLeafType } from "../graphql/graphql-js.ts";
import { schema } from "../graphql/schema.ts";
import { argumentsFor } from "../graphql/testing/calls.ts";
import {
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { type RootField, rootFields } from "../graphql/testing/places.ts";
import { rowDigests } from "../graphql/testing/row-digests.ts";
import { neededOf } from "./needed.ts";
import { permissionsOf } from "./permissions-of.ts";

// Every root field of the schema × every role: what the table of permissions says, and nothing changes where the answer is no.

let cloud: GraphqlFixture;
let tenant: TestTenant;
const keys = new Map<string, string>();

/** Roles of people, and those that a tenant could make of its own: one with nothing, one with all. */
const OWN: Readonly<Record<string, readonly Permission[]>> = { nothing: [], everything: ROLES.owner };
const PEOPLE = ["owner", "admin", "developer", "operator", "viewer"] as const;
const heldBy = (role: string): ReadonlySet<Permission> => permissionsOf(OWN[role] ? null : role, OWN[role] ?? null);

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  for (const role of PEOPLE) keys.set(role, await keyWith(role, { role }));
  for (const [name, permissions] of Object.entries(OWN))
    keys.set(name, await keyWith(name, await ownRole(permissions)));
  keys.set("agent", tenant.agentKey);
});
afterAll(() => cloud.stop());

async function ownRole(permissions: readonly Permission[]): Promise<Rights> {
  const roleId = makeId();
  const values = [roleId, tenant.tenantId, `own ${roleId}`, permissions];
  await cloud.database.pool.query(
    "insert into roles (id, tenant_id, name, permissions) values ($1, $2, $3, $4)",
    values,
  );
  return { roleId };
}

async function keyWith(name: string, rights: Rights): Promise<string> {
  const wanted = { tenantId: tenant.tenantId, name, scope: "user" as const, rights };
  return (await createApiKey(cloud.database.pool, cloud.deps.secrets, wanted)).key;
}

/** Asks for one root field and nothing below it, with arguments that are well formed and name nothing. */
function documentOf(root: RootField): { query: string; variables: Record<string, unknown> } {
  const variables = argumentsFor(root, new Map());
  const { field, kind } = root;
  const declared = field.args
    .filter(({ name }) => name in variables)
    .map(({ name, type }) => `$${name}: ${String(type)}`);
  const given = Object.keys(variables).map((name) => `${name}: $${name}`);
  const within = (list: readonly string[]) => (list.length === 0 ? "" : `(${list.join(", ")})`);
  const query = `${kind} Asked${within(declared)} { ${field.name}${within(given)}${shown(field)} }`;
  return { query, variables };
}

function shown(field: GraphQLField<unknown, unknown>): string {
  if (isLeafType(getNamedType(field.type))) return "";
  return /Result!?$/.test(String(field.type)) ? " { __typename ... on Refusal { code message } }" : " { __typename }";
}

/** The code of the answer; "OK" for data. A stream that begins is closed again by the server once its run is not found. */
async function codeOf(key: string, root: RootField): Promise<string> {
  const accept = root.kind === "subscription" ? "text/event-stream" : "application/json";
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", accept };
  const payload = JSON.stringify(documentOf(root));
  const { body } = await cloud.app.inject({ method: "POST", url: "/graphql", headers, payload });
  return /"code":"([A-Z_]+)"/.exec(body)?.[1] ?? "OK";
}

const fields = rootFields(schema);

/** All that the tenant has, save what tells of the refusal itself. */
async function stateOfTenant(): Promise<Record<string, string>> {
  const digests = await rowDigests(cloud.database.pool, tenant.tenantId);
  const told = new Set(["audit_entries", "audit_heads"]);
  return Object.fromEntries(Object.entries(digests).filter(([table]) => !told.has(table)));
}

test("each operation that changes something needs more than to read, and each other one no more than that", () => {
  for (const { kind, field } of fields) {
    const needed = neededOf(field.extensions) ?? [];
    expect(
      needed.filter((permission) => permission.endsWith(":read") === (kind === "mutation")),
      field.name,
    ).toEqual([]);
  }
});

test.each([...PEOPLE, ...Object.keys(OWN)])(
  "%s: every operation is answered or refused as the table says",
  async (role) => {
    const key = keys.get(role) ?? "";
    const lacking = (root: RootField) => beyond(neededOf(root.field.extensions) ?? [], heldBy(role)).length > 0;
    const [forbidden, allowed] = [fields.filter(lacking), fields.filter((root) => !lacking(root))];
    const before = await stateOfTenant();
    for (const root of forbidden) expect(await codeOf(key, root), root.field.name).toBe("FORBIDDEN");
    expect(await stateOfTenant()).toEqual(before);
    for (const root of allowed) expect(await codeOf(key, root), root.field.name).not.toBe("FORBIDDEN");
  },
);

test("a query that is refused says which permission it needs; an agent's key, that it is another kind of key", async () => {
  const told = async (key: string) => (await cloud.post(key, "{ kvEntries { nodes { key } } }")).body;
  expect((await told(keys.get("viewer") ?? "")).errors?.[0]?.message).toMatch(
    /^kvEntries needs the permission "kv:read" \(read the key-value store\)/,
  );
  expect(await told(tenant.agentKey)).toMatchObject({ message: expect.stringContaining("scope user") });
});

test("an agent's key is refused by every operation, also by those that need nothing", async () => {
  for (const root of fields) expect(await codeOf(tenant.agentKey, root), root.field.name).toBe("FORBIDDEN");
});

test("somebody may read runs but neither their parameters nor their lines, and the rest is shown all the same", async () => {
  const query = `{ flowRuns(first: 1) { nodes { state parameters logs(first: 1) { nodes { text } } logExtents { last } artifacts { name } holdings { table } } } }`;
  const register = `mutation ($r: JSON!) { registerFlow(input: { project: "default", registration: $r }) { __typename } }`;
  const create = `mutation { createFlowRun(input: { project: "default", flow: "told", parameters: { secret: 1 } }) { __typename } }`;
  await cloud.ask(tenant, register, { r: registration("told") });
  await cloud.ask(tenant, create);
  const seen = async (role: string) => {
    const { body } = await cloud.post<{ flowRuns: { nodes: object[] } }>(keys.get(role) ?? "", query);
    return { run: body.data?.flowRuns.nodes[0], codes: (body.errors ?? []).map(({ extensions }) => extensions.code) };
  };
  expect(await seen("viewer")).toEqual({
    run: { state: "Scheduled", parameters: null, logs: null, logExtents: null, artifacts: null, holdings: null },
    codes: ["FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN", "FORBIDDEN"],
  });
  expect(await seen("operator")).toMatchObject({
    run: { parameters: null, logs: { nodes: [] }, logExtents: [], artifacts: [], holdings: null },
    codes: ["FORBIDDEN", "FORBIDDEN"],
  });
  expect(await seen("developer")).toMatchObject({ run: { parameters: { secret: 1 } }, codes: [] });
});

test("a mutation whose answer its sender may not see has no effect", async () => {
  const key = await keyWith("starter", { permissions: ["run:start", "run:read"] });
  const before = await stateOfTenant();
  const create = (shown: string) =>
    `mutation { createFlowRun(input: { project: "default", flow: "told" }) { ... on CreateFlowRunPayload { ...Told } } }
     fragment Told on CreateFlowRunPayload { flowRun { ${shown} } }`;
  const { body } = await cloud.post(key, create("id parameters"));
  expect(body.errors?.[0]).toMatchObject({
    message: expect.stringMatching(/^FlowRun\.parameters needs the permission "parameter:read"/),
    extensions: { code: "FORBIDDEN" },
  });
  expect(await stateOfTenant()).toEqual(before);
  expect(await cloud.post(key, create("id"))).toMatchObject({ body: { data: { createFlowRun: { flowRun: {} } } } });
});
