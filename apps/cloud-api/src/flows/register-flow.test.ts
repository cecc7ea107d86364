import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { registerFlow } from "./register-flow.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const REGISTER = `mutation RegisterFlow($input: RegisterFlowInput!) { registerFlow(input: $input) {
  ... on RegisterFlowPayload { created flowVersion { id number archivedAt flow { name currentVersion { number } } } }
  ... on Refusal { code message }
} }`;

interface Result {
  readonly created?: boolean;
  readonly code?: string;
  readonly flowVersion?: { readonly id: string; readonly number: number };
}

async function register(content: object, project = "default"): Promise<Result> {
  const input = { project, registration: content };
  return (await cloud.ask<{ registerFlow: Result }>(tenant, REGISTER, { input })).registerFlow;
}

async function versionsOf(flow: string) {
  const { rows } = await cloud.database.pool.query<{ number: number; archived: boolean }>(
    `select v.number, v.archived_at is not null as archived from flow_versions v join flows f on f.id = v.flow_id
     where f.tenant_id = $1 and f.name = $2 order by v.number`,
    [tenant.tenantId, flow],
  );
  return rows;
}

test("the same content is the same version, in whatever order its keys come", async () => {
  const content = registration("same", { runConfig: { a: 1, b: 2 } });
  const first = await register(content);
  expect(first).toMatchObject({
    created: true,
    flowVersion: { number: 1, archivedAt: null, flow: { name: "same", currentVersion: { number: 1 } } },
  });
  const turned = Object.fromEntries(Object.entries({ ...content, runConfig: { b: 2, a: 1 } }).toReversed());
  expect(await register(turned)).toMatchObject({ created: false, flowVersion: { id: first.flowVersion?.id } });
});

test("other content is the next version and archives the one before", async () => {
  await register(registration("changed"));
  expect(await register(registration("changed", { description: "new" }))).toMatchObject({
    created: true,
    flowVersion: { number: 2 },
  });
  expect(await versionsOf("changed")).toEqual([
    { number: 1, archived: true },
    { number: 2, archived: false },
  ]);
});

test("content that was archived comes back as a new version", async () => {
  await register(registration("back"));
  await register(registration("back", { description: "new" }));
  expect(await register(registration("back"))).toMatchObject({ created: true, flowVersion: { number: 3 } });
});

test("many at once with one content make one version", async () => {
  const results = await Promise.all(Array.from({ length: 8 }, () => register(registration("rush"))));
  expect(results.filter((result) => result.created)).toHaveLength(1);
  expect(new Set(results.map((result) => result.flowVersion?.id)).size).toBe(1);
});

test("many at once with different contents make versions without gaps, one of them live", async () => {
  const contents = Array.from({ length: 8 }, (_, i) => registration("crowd", { description: `content ${i}` }));
  const results = await Promise.all(contents.map((content) => register(content)));
  expect(new Set(results.map((result) => result.flowVersion?.number))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
  expect((await versionsOf("crowd")).filter((version) => !version.archived)).toEqual([{ number: 8, archived: false }]);
});

test("an unknown project is named, with the way to make one and those that exist", async () => {
  const refused = await register(registration("lost"), "nowhere");
  expect(refused).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringMatching(/"nowhere".*createProject.*"default"/),
  });
  expect(await versionsOf("lost")).toEqual([]);
});

test("a registration that cannot be taken is a sentence, and nothing is written", async () => {
  expect(await register({ ...registration("broken"), labels: "gpu" })).toMatchObject({
    code: "INVALID",
    message: expect.stringContaining("/labels"),
  });
  expect(await versionsOf("broken")).toEqual([]);
});

test("a failure in the middle leaves nothing behind", async () => {
  const { pool } = cloud.database;
  await pool.query("alter table flow_versions add constraint no_such_sdk check (sdk_version <> 'broken')");
  const wanted = {
    tenantId: tenant.tenantId,
    project: "default",
    registration: registration("half", { sdkVersion: "broken" }),
  };
  await expect(registerFlow(pool, wanted)).rejects.toThrow(/no_such_sdk/);
  const { rowCount } = await pool.query("select 1 from flows where name = 'half'");
  expect(rowCount).toBe(0);
});

test("everything of a registration is stored", async () => {
  const content = registration("all", {
    description: "with all",
    labels: ["gpu"],
    parameterSchema: { type: "object", properties: { top: { type: "number" } } },
    parameterDefaults: { top: 50 },
    runConfig: { memory: "1Gi" },
  });
  await register(content);
  const query = `{ flow(project: "default", name: "all") { currentVersion {
    description labels tasks parameterSchema parameterDefaults runConfig storage sdkVersion } } }`;
  const { name: _name, ...stored } = content;
  expect(await cloud.ask(tenant, query)).toEqual({ flow: { currentVersion: stored } });
});
