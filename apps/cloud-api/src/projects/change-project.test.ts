import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
  for (const name of ["etl", "reports"]) await change("createProject", { name });
});
afterAll(() => cloud.stop());

const FIELDS = {
  createProject: "project { name }",
  renameProject: "project { name }",
  moveFlow: "flow { name project { name } }",
};

async function change(verb: keyof typeof FIELDS, input: object, who = tenant): Promise<object> {
  const type = verb.charAt(0).toUpperCase() + verb.slice(1);
  const text = `mutation ($input: ${type}Input!) { result: ${verb}(input: $input) {
    ... on ${type}Payload { ${FIELDS[verb]} } ... on Refusal { code message } } }`;
  return (await cloud.ask<{ result: object }>(who, text, { input })).result;
}
async function remove(name: string, who = tenant): Promise<object> {
  const text = `mutation ($name: String!) { result: deleteProject(name: $name) {
    ... on DeleteProjectPayload { name } ... on Refusal { code message } } }`;
  return (await cloud.ask<{ result: object }>(who, text, { name })).result;
}
async function flowIn(project: string, name: string): Promise<{ id: string } | null> {
  const query = `query ($project: String!, $name: String!) { flow(project: $project, name: $name) { id } }`;
  return (await cloud.ask<{ flow: { id: string } | null }>(tenant, query, { project, name })).flow;
}

test("a flow moves with its versions and runs, and waits there for agents of the other project", async () => {
  const run = await createRun(cloud, tenant, "load");
  const id = (await flowIn("default", "load"))?.id ?? "";
  expect(await change("moveFlow", { id, project: "etl" })).toEqual({
    flow: { name: "load", project: { name: "etl" } },
  });
  expect(await flowIn("default", "load")).toBeNull();
  expect(await cloud.ask(tenant, `{ flowRun(id: "${run}") { flow { project { name } } } }`)).toEqual({
    flowRun: { flow: { project: { name: "etl" } } },
  });
});

test("a flow does not move where one of its name is, nor where no project is", async () => {
  await createRun(cloud, tenant, "twice");
  const first = (await flowIn("default", "twice"))?.id ?? "";
  await change("moveFlow", { id: first, project: "etl" });
  await createRun(cloud, tenant, "twice");
  const second = (await flowIn("default", "twice"))?.id ?? "";
  expect(await change("moveFlow", { id: second, project: "etl" })).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining('"etl"'),
  });
  expect(await change("moveFlow", { id: second, project: "nowhere" })).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining('"nowhere"'),
  });
  expect(await change("moveFlow", { id: "no id", project: "etl" })).toMatchObject({
    code: "NOT_FOUND",
    message: expect.stringContaining("no flow"),
  });
});

test("a project gets another name, unless another has it", async () => {
  expect(await change("renameProject", { project: "reports", name: "papers" })).toEqual({
    project: { name: "papers" },
  });
  expect(await change("renameProject", { project: "papers", name: "etl" })).toMatchObject({ code: "CONFLICT" });
  expect(await change("renameProject", { project: "reports", name: "new" })).toMatchObject({ code: "NOT_FOUND" });
  expect(await change("renameProject", { project: "papers", name: " " })).toMatchObject({ code: "INVALID" });
});

test("a project in which a flow is stays, and says which", async () => {
  await change("createProject", { name: "full" });
  await createRun(cloud, tenant, "inside");
  await change("moveFlow", { id: (await flowIn("default", "inside"))?.id, project: "full" });
  expect(await remove("full")).toMatchObject({ code: "CONFLICT", message: expect.stringContaining('"inside"') });
  await change("createProject", { name: "empty" });
  expect(await remove("empty")).toEqual({ name: "empty" });
  expect(await remove("empty")).toMatchObject({ code: "NOT_FOUND" });
});

test("another tenant changes nothing of it", async () => {
  const stranger = await cloud.makeTenant();
  await change("createProject", { name: "etl" }, stranger);
  await createRun(cloud, tenant, "own");
  const id = (await flowIn("default", "own"))?.id ?? "";
  expect(await change("moveFlow", { id, project: "etl" }, stranger)).toMatchObject({ code: "NOT_FOUND" });
  expect(await change("renameProject", { project: "papers", name: "p" }, stranger)).toMatchObject({
    code: "NOT_FOUND",
  });
  expect(await remove("papers", stranger)).toMatchObject({ code: "NOT_FOUND" });
  expect(await flowIn("default", "own")).toEqual({ id });
});
