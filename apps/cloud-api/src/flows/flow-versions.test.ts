import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { schedulePlanner } from "../loops/schedule-planner.ts";
import { schedule } from "../schedules/testing/slots.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const REGISTER = `mutation ($r: JSON!) { registerFlow(input: { project: "default", registration: $r }) {
  ... on RegisterFlowPayload { flowVersion { id number } } ... on Refusal { code message } } }`;
const FLOW = `query ($name: String!) { flow(project: "default", name: $name) { currentVersion { number }
  versions { nodes { id number description archivedAt } } schedules { name active definition } } }`;

interface Flow {
  readonly currentVersion: { readonly number: number } | null;
  readonly versions: { readonly nodes: { readonly id: string; readonly number: number; archivedAt: string | null }[] };
  readonly schedules: { readonly name: string; readonly active: boolean; readonly definition: { zone: string } }[];
}

async function register(name: string, changes: object = {}): Promise<string> {
  const { registerFlow } = await cloud.ask<{ registerFlow: { flowVersion: { id: string } } }>(tenant, REGISTER, {
    r: registration(name, changes),
  });
  return registerFlow.flowVersion.id;
}
const flow = async (name: string) => (await cloud.ask<{ flow: Flow }>(tenant, FLOW, { name })).flow;
const change = (verb: "archive" | "unarchive", id: string, who = tenant) =>
  cloud.ask(
    who,
    `mutation ($id: ID!) { result: ${verb}FlowVersion(id: $id) { ... on Refusal { code message }
      ... on ${verb === "archive" ? "Archive" : "Unarchive"}FlowVersionPayload { flowVersion { archivedAt } } } }`,
    { id },
  );
const plan = () =>
  schedulePlanner({ pool: cloud.database.pool, seconds: 1, log: cloud.deps.log, now: () => new Date() }).tick();

async function versionsOfRuns(name: string): Promise<number[]> {
  const query = `query ($f: String!) { flowRuns(filter: { flow: $f }) { nodes { flowVersion { number } } } }`;
  const { flowRuns } = await cloud.ask<{ flowRuns: { nodes: { flowVersion: { number: number } }[] } }>(tenant, query, {
    f: name,
  });
  return flowRuns.nodes.map((run) => run.flowVersion.number);
}

test("versions are listed newest first, page by page, and each has its number", async () => {
  for (const description of ["one", "two", "three"]) await register("listed", { description });
  const query = `query ($after: String) { flow(project: "default", name: "listed") { version(number: 2) { description }
    versions(first: 2, after: $after) { nodes { number description } pageInfo { hasNextPage endCursor } } } }`;
  const first = await cloud.ask<{ flow: { versions: { pageInfo: { endCursor: string } } } }>(tenant, query);
  expect(first.flow).toMatchObject({
    version: { description: "two" },
    versions: {
      nodes: [
        { number: 3, description: "three" },
        { number: 2, description: "two" },
      ],
      pageInfo: { hasNextPage: true },
    },
  });
  expect(await cloud.ask(tenant, query, { after: first.flow.versions.pageInfo.endCursor })).toMatchObject({
    flow: { versions: { nodes: [{ number: 1, description: "one" }], pageInfo: { hasNextPage: false } } },
  });
});

test("archived, the next older one that is not runs; a run that waits keeps its version", async () => {
  await createRun(cloud, tenant, "back");
  const second = await register("back", { description: "worse" });
  await cloud.ask(tenant, `mutation { createFlowRun(input: { project: "default", flow: "back" }) { __typename } }`);
  const [, first] = (await flow("back")).versions.nodes;
  await change("unarchive", first?.id ?? "");
  expect((await flow("back")).currentVersion).toEqual({ number: 2 });
  await change("archive", second);
  expect((await flow("back")).currentVersion).toEqual({ number: 1 });
  await cloud.ask(tenant, `mutation { createFlowRun(input: { project: "default", flow: "back" }) { __typename } }`);
  expect(await versionsOfRuns("back")).toEqual([1, 2, 1]);
});

test("without any version nothing begins, and the sentence says so", async () => {
  const only = await register("closed");
  await change("archive", only);
  expect((await flow("closed")).currentVersion).toBeNull();
  const create = `mutation { createFlowRun(input: { project: "default", flow: "closed" }) { ... on Refusal { code message } } }`;
  expect(await cloud.ask(tenant, create)).toMatchObject({
    createFlowRun: { code: "NOT_FOUND", message: expect.stringContaining("archived") },
  });
  const before = (await flow("closed")).versions.nodes[0]?.archivedAt;
  await change("archive", only);
  expect((await flow("closed")).versions.nodes[0]?.archivedAt).toBe(before);
});

test("the version that runs brings its schedules along, runs made ahead are made anew, and what was off stays off", async () => {
  const tokyo = schedule({ everySeconds: 3_600 }, { name: "hourly", zone: "Asia/Tokyo" });
  const extra = schedule({ everySeconds: 3_600 }, { name: "extra" });
  const first = await register("planned", { schedules: [tokyo, extra] });
  const { rows } = await cloud.database.pool.query<{ id: string }>(
    `select s.id from schedules s join flows f on f.id = s.flow_id where f.name = 'planned' and s.name = 'extra'`,
  );
  await cloud.ask(tenant, `mutation { setScheduleActive(id: "${rows[0]?.id}", active: false) { __typename } }`);
  const second = await register("planned", { schedules: [{ ...tokyo, zone: "UTC" }] });
  await plan();
  expect(new Set(await versionsOfRuns("planned"))).toEqual(new Set([2]));
  await change("archive", second);
  await plan();
  expect(await flow("planned")).toMatchObject({ currentVersion: null, schedules: [] });
  expect(await versionsOfRuns("planned")).toEqual([]);
  await change("unarchive", first);
  await plan();
  expect((await flow("planned")).schedules).toMatchObject([
    { name: "extra", active: false },
    { name: "hourly", active: true, definition: { zone: "Asia/Tokyo" } },
  ]);
  expect(new Set(await versionsOfRuns("planned"))).toEqual(new Set([1]));
});

test("a version from before schedules were kept goes on with those that the flow has", async () => {
  const first = await register("old", { schedules: [schedule({ everySeconds: 60 }, { name: "s" })] });
  const second = await register("old", {
    description: "2",
    schedules: [schedule({ everySeconds: 90 }, { name: "s" })],
  });
  await cloud.database.pool.query(`update flow_versions set schedules = null where id = $1`, [first]);
  await change("unarchive", first);
  await change("archive", second);
  expect((await flow("old")).schedules).toMatchObject([{ definition: { clock: { everySeconds: 90 } } }]);
});

test("what is different is told, values of parameters apart", async () => {
  const one = await register("differs", { parameterDefaults: { top: 5 } });
  const two = await register("differs", { labels: ["gpu"], parameterDefaults: { top: 6 } });
  const query = `query ($with: ID!) { flow(project: "default", name: "differs") { version(number: 2) { diff(with: $with) {
    fromNumber toNumber changes { part kind name before after } parameterChanges { part kind name before after } } } } }`;
  expect(await cloud.ask(tenant, query, { with: one })).toEqual({
    flow: {
      version: {
        diff: {
          fromNumber: 1,
          toNumber: 2,
          changes: [{ part: "labels", kind: "added", name: "gpu", before: null, after: "gpu" }],
          parameterChanges: [{ part: "parameterDefaults", kind: "changed", name: "top", before: 5, after: 6 }],
        },
      },
    },
  });
  const other = await register("another");
  for (const id of [other, "no id"])
    expect(await cloud.ask(tenant, query, { with: id })).toEqual({ flow: { version: { diff: null } } });
  expect(two).not.toBe(one);
});

test("a version of another tenant is as absent as one that nobody has", async () => {
  const stranger = await cloud.makeTenant();
  const id = await register("mine");
  const told = async (which: string) =>
    JSON.stringify(await change("archive", which, stranger)).replaceAll(which, "ID");
  expect(await told(id)).toBe(await told("01900000-0000-7000-8000-000000000000"));
  expect(await told("no id")).toContain("NOT_FOUND");
  expect((await flow("mine")).currentVersion).toEqual({ number: 1 });
});

test("flows are found by a part of their name, signs of patterns are letters like others", async () => {
  const names = ["found 50%", "found 500", "FOUND_50"];
  for (const name of names) await register(name);
  const query = "query ($part: String) { flows(nameContains: $part) { nodes { name } } }";
  const found = async (part: string) =>
    (await cloud.ask<{ flows: { nodes: { name: string }[] } }>(tenant, query, { part })).flows.nodes
      .map(({ name }) => name)
      .toSorted();
  expect(await found("Found")).toEqual(["FOUND_50", "found 50%", "found 500"]);
  expect(await found("50%")).toEqual(["found 50%"]);
  expect(await found("found_50")).toEqual(["FOUND_50"]);
});
