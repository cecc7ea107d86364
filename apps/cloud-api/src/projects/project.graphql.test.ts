import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type GraphqlFixture,
  registration,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const CREATE = `mutation CreateProject($input: CreateProjectInput!) { createProject(input: $input) {
  ... on CreateProjectPayload { project { id name } } ... on Refusal { code message } } }`;
const create = (name: string) => cloud.ask(tenant, CREATE, { input: { name } });

test("who asks is told who they are", async () => {
  const { viewer } = await cloud.ask<{ viewer: object }>(
    tenant,
    "query Viewer { viewer { scope tenant { id name } } }",
  );
  expect(viewer).toEqual({ scope: "user", tenant: { id: tenant.tenantId, name: `tenant ${tenant.tenantId}` } });
});

test("a project is made once, also when asked at once", async () => {
  const results = await Promise.all(Array.from({ length: 4 }, () => create("reports")));
  expect(results.filter((result) => JSON.stringify(result).includes('"project"'))).toHaveLength(1);
  expect(await create("reports")).toMatchObject({
    createProject: { code: "CONFLICT", message: expect.stringContaining('"reports"') },
  });
});

test.each(["", "  ", "x".repeat(201), "line\nbreak"])("%j is no name", async (name) => {
  expect(await create(name)).toMatchObject({
    createProject: { code: "INVALID", message: expect.stringContaining("name") },
  });
});

test("projects and their flows are listed, flows also by project", async () => {
  await create("etl");
  const register = `mutation RegisterFlow($input: RegisterFlowInput!) { registerFlow(input: $input) { __typename } }`;
  await cloud.ask(tenant, register, { input: { project: "etl", registration: registration("load") } });
  await cloud.ask(tenant, register, { input: { project: "default", registration: registration("other") } });
  const found = await cloud.ask(
    tenant,
    `{ projects { nodes { name } } all: flows { nodes { name } }
       etl: flows(project: "etl") { edges { cursor node { name project { name } currentVersion { number flow { name } } } } } }`,
  );
  expect(found).toMatchObject({
    projects: { nodes: expect.arrayContaining([{ name: "etl" }, { name: "default" }]) },
    all: { nodes: [{ name: "other" }, { name: "load" }] },
    etl: {
      edges: [
        { node: { name: "load", project: { name: "etl" }, currentVersion: { number: 1, flow: { name: "load" } } } },
      ],
    },
  });
});

test("a flow is found by its name and its project's", async () => {
  expect(await cloud.ask(tenant, `{ flow(project: "default", name: "nothing") { id } }`)).toEqual({ flow: null });
  expect(await cloud.ask(tenant, `{ flow(project: "nowhere", name: "other") { id } }`)).toEqual({ flow: null });
});
