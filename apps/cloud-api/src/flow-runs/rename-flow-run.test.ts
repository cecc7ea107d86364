import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;
beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

async function change(verb: "renameFlowRun" | "setFlowRunLabels", input: object, who = tenant): Promise<object> {
  const type = verb.charAt(0).toUpperCase() + verb.slice(1);
  const text = `mutation ($input: ${type}Input!) { result: ${verb}(input: $input) {
    ... on ${type}Payload { flowRun { name labels } } ... on Refusal { code message } } }`;
  return (await cloud.ask<{ result: object }>(who, text, { input })).result;
}

test("a run gets another name, also when it is over", async () => {
  const id = await createRun(cloud, tenant, "named", { name: "before" });
  expect(await change("renameFlowRun", { id, name: "after" })).toEqual({ flowRun: { name: "after", labels: [] } });
  await cloud.ask(tenant, `mutation { cancelFlowRun(id: "${id}") { __typename } }`);
  expect(await change("renameFlowRun", { id, name: "last" })).toMatchObject({ flowRun: { name: "last" } });
  expect(await change("renameFlowRun", { id, name: " " })).toMatchObject({ code: "INVALID" });
});

test("labels decide who may claim a run that waits, and are left alone once it is held", async () => {
  const id = await createRun(cloud, tenant, "labelled", { labels: ["gpu"] });
  const agent = await enrolAgent(cloud, tenant);
  expect(await agent.claim()).not.toContain(id);
  expect(await change("setFlowRunLabels", { id, labels: [] })).toMatchObject({ flowRun: { labels: [] } });
  expect(await agent.claim()).toContain(id);
  expect(await change("setFlowRunLabels", { id, labels: ["gpu"] })).toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining("is Submitted"),
  });
  const { begin, end } = storyOf(0);
  await agent.report(id, [...begin, ...end]);
  expect(await change("setFlowRunLabels", { id, labels: ["gpu"] })).toMatchObject({ code: "CONFLICT" });
  expect(await cloud.ask(tenant, `{ flowRun(id: "${id}") { labels } }`)).toEqual({ flowRun: { labels: [] } });
});

test("labels of spaces, and too many, are refused", async () => {
  const id = await createRun(cloud, tenant, "refused");
  expect(await change("setFlowRunLabels", { id, labels: [" "] })).toMatchObject({ code: "INVALID" });
  const labels = Array.from({ length: 51 }, (_, i) => `l${i}`);
  expect(await change("setFlowRunLabels", { id, labels })).toMatchObject({ code: "INVALID" });
});

test("a run of another tenant is as absent as one that nobody has", async () => {
  const stranger = await cloud.makeTenant();
  const run = await createRun(cloud, tenant, "mine", { name: "mine" });
  const absent = "01900000-0000-7000-8000-000000000000";
  const told = async (id: string) =>
    JSON.stringify([
      await change("renameFlowRun", { id, name: "theirs" }, stranger),
      await change("setFlowRunLabels", { id, labels: ["theirs"] }, stranger),
    ]).replaceAll(id, "ID");
  expect(await told(run)).toBe(await told(absent));
  expect(await cloud.ask(tenant, `{ flowRun(id: "${run}") { name labels } }`)).toEqual({
    flowRun: { name: "mine", labels: [] },
  });
});
