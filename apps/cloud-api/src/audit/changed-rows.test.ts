import { type AuditEntry, makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schema } from "../graphql/schema.ts";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { rootFields } from "../graphql/testing/places.ts";
import { idFor, seedReference } from "../graphql/testing/reference/reference-tenant.ts";
import { EXAMPLES } from "../graphql/testing/reference/examples.ts";
import { operationOf } from "../graphql/testing/reference/example.ts";
import type { World } from "../graphql/testing/things.ts";
import { CHANGED_ROWS } from "./changed-rows.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
let world: World;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  world = await seedReference(cloud, tenant);
});
afterAll(() => cloud.stop());

const MUTATIONS = rootFields(schema).filter(({ kind }) => kind === "mutation");

/** The newest entry of an action that was done. */
async function entryOf(action: string): Promise<Pick<AuditEntry, "before" | "after"> | undefined> {
  const query = `query ($filter: AuditFilter) { auditLog(first: 1, filter: $filter) { nodes { before after } } }`;
  const { auditLog } = await cloud.ask<{ auditLog: { nodes: Pick<AuditEntry, "before" | "after">[] } }>(tenant, query, {
    filter: { action, outcome: ["done"] },
  });
  return auditLog.nodes[0];
}

test("of every mutation it is said which row it changes, or why none", () => {
  expect(Object.keys(CHANGED_ROWS)).toEqual(MUTATIONS.map(({ field }) => field.name).toSorted());
});

const MADE = new Set([
  "createApiKey",
  "createProject",
  "createRole",
  "createServiceAccount",
  "inviteMember",
  "setFlowSettings",
  "setIdentityProvider",
  "setRunLimit",
  "setTaskLimit",
  "pauseQueue",
]);
const GONE = new Set([
  "deleteFlow",
  "deleteKv",
  "deleteProject",
  "deleteRole",
  "deleteRunLimit",
  "deleteServiceAccount",
  "deleteTaskLimit",
  "removeIdentityProvider",
  "removeMember",
  "renameProject",
  "resumeQueue",
]);
const WATCHED = MUTATIONS.filter(({ field }) => CHANGED_ROWS[field.name] !== null);

test.each(WATCHED.map((root) => [root.field.name, root] as const))(
  "%s leaves digests of its row in the audit log",
  async (name, root) => {
    const example = EXAMPLES[name] ?? { select: "__typename" };
    const variables = JSON.stringify(example.variables ?? {}).replaceAll(
      /"[A-Z_]+_ID"/g,
      `"${await idFor(name, world)}"`,
    );
    await cloud.ask(tenant, operationOf(root, example), JSON.parse(variables) as object);
    const digest = /^[0-9a-f]{64}$/;
    const entry = await entryOf(name);
    if (MADE.has(name)) expect(entry).toMatchObject({ before: null, after: expect.stringMatching(digest) });
    else if (GONE.has(name)) expect(entry).toMatchObject({ before: expect.stringMatching(digest), after: null });
    else {
      expect(entry).toMatchObject({ before: expect.stringMatching(digest), after: expect.stringMatching(digest) });
      expect(entry?.before).not.toBe(entry?.after);
    }
  },
);

test("what one mutation left is what the next finds, as long as nobody changed the row in silence", async () => {
  const set = (slots: number) =>
    cloud.ask(tenant, `mutation { setTaskLimit(input: { tag: "chained", slots: ${slots} }) { __typename } }`);
  await set(1);
  const first = await entryOf("setTaskLimit");
  await set(2);
  const second = await entryOf("setTaskLimit");
  expect(second?.before).toBe(first?.after);
  await cloud.database.pool.query("update task_limits set slots = 9 where tenant_id = $1 and tag = 'chained'", [
    tenant.tenantId,
  ]);
  await set(3);
  expect((await entryOf("setTaskLimit"))?.before).not.toBe(second?.after);
});

test("a row of another tenant leaves none", async () => {
  const other = await cloud.makeTenant();
  const run = await createRun(cloud, other, "foreign");
  await cloud.ask(tenant, "mutation ($id: ID!) { cancelFlowRun(id: $id) { __typename } }", { id: run });
  await cloud.ask(tenant, "mutation ($id: ID!) { cancelFlowRun(id: $id) { __typename } }", { id: makeId() });
  const query = `{ auditLog(first: 2, filter: { action: "cancelFlowRun", outcome: [refused] }) { nodes { before after } } }`;
  const none = { before: null, after: null };
  expect(await cloud.ask(tenant, query)).toEqual({ auditLog: { nodes: [none, none] } });
});
