import { afterAll, beforeAll, expect, test } from "vitest";
import { createRun, enrolAgent, type GraphqlFixture, startGraphqlFixture } from "../graphql/testing/graphql-fixture.ts";

let cloud: GraphqlFixture;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
});
afterAll(() => cloud.stop());

test("agents are listed with what they hold and whether they were heard of lately", async () => {
  const tenant = await cloud.makeTenant();
  const busy = await enrolAgent(cloud, tenant, "busy");
  await enrolAgent(cloud, tenant, "silent");
  await createRun(cloud, tenant, "flow");
  await createRun(cloud, tenant, "flow");
  await busy.claim();
  await cloud.database.pool.query(
    "update agents set last_seen_at = now() - interval '5 minutes' where tenant_id = $1 and name = 'silent'",
    [tenant.tenantId],
  );
  const { agents } = await cloud.ask<{ agents: unknown }>(
    tenant,
    "{ agents { nodes { name labels launchers version capacity online runs } } }",
  );
  const common = { labels: [], launchers: ["process"], version: "0.1.0", capacity: 10 };
  expect(agents).toEqual({
    nodes: [
      { ...common, name: "silent", online: false, runs: 0 },
      { ...common, name: "busy", online: true, runs: 2 },
    ],
  });
});
