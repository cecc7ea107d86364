import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createRun,
  enrolAgent,
  type GraphqlFixture,
  startGraphqlFixture,
  storyOf,
  type TestTenant,
} from "./testing/graphql-fixture.ts";

// Ids, names, cursors and rows of other tenants are looked at in foreign-*.test.ts, generated from the schema. Here is what is beyond these.

let cloud: GraphqlFixture;
let a: TestTenant;
let b: TestTenant;
let run: string;
let keyOfA: string;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  a = await cloud.makeTenant();
  b = await cloud.makeTenant();
  run = await createRun(cloud, a, "secret-flow", { idempotencyKey: "once" });
  const agent = await enrolAgent(cloud, a, "secret-agent");
  await agent.claim();
  const { begin, tasks } = storyOf(2);
  await agent.report(run, [...begin, ...tasks]);
  keyOfA = (await cloud.ask<{ viewer: { keyId: string } }>(a, "{ viewer { keyId } }")).viewer.keyId;
});
afterAll(() => cloud.stop());

test("lists hold one's own alone", async () => {
  const lists = `{ projects { nodes { name } } flows { nodes { name } } flowRuns { nodes { id } } agents { nodes { name } } apiKeys { nodes { id name } } }`;
  const seen = await cloud.ask<{ apiKeys: { nodes: { id: string }[] } }>(b, lists);
  expect(seen).toMatchObject({
    projects: { nodes: [{ name: "default" }] },
    flows: { nodes: [] },
    flowRuns: { nodes: [] },
    agents: { nodes: [] },
  });
  expect(seen.apiKeys.nodes).toHaveLength(2);
  expect(JSON.stringify(seen)).not.toMatch(new RegExp(`secret|${run}|${keyOfA}`));
});

test("an idempotency key of another tenant is free", async () => {
  const own = await createRun(cloud, b, "own-flow", { idempotencyKey: "once" });
  expect(own).not.toBe(run);
  await cloud.ask(b, `mutation { cancelFlowRun(id: "${own}") { __typename } }`);
});
