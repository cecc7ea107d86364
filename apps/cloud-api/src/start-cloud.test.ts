import { randomBytes } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "./api-keys/api-keys.ts";
import { cloudConfig } from "./config.ts";
import { createFlowRun } from "./flow-runs/create-flow-run.ts";
import { makeTenant, send, TestAgent } from "./run-door/testing/door-fixture.ts";
import { createSecrets } from "./secrets.ts";
import { type RunningCloud, startCloud } from "./start-cloud.ts";
import { type CuttableProxy, startCuttableProxy } from "./testing/cuttable-proxy.ts";

const SECRET = randomBytes(32).toString("base64url");

let database: TestDatabase;
let proxy: CuttableProxy;
let cloud: RunningCloud;
let tenantId: string;
let agentKey: string;

// The database is away from the beginning: every test here is about what the cloud makes of that.
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startCuttableProxy(database.url);
  tenantId = await makeTenant(database.database.pool);
  const wanted = { tenantId, name: "agent", scope: "agent" as const };
  agentKey = (await createApiKey(database.database.pool, createSecrets(SECRET), wanted)).key;
  proxy.cut();
  cloud = await startCloud(
    cloudConfig({ database: { url: proxy.url }, port: 0, secret: SECRET, logLevel: "silent", sweepSeconds: 0.1 }),
  );
});
afterAll(async () => {
  await cloud.stop();
  await proxy.close();
  await database.drop();
});

const ready = async () => {
  const reply = await fetch(`${cloud.url}/readyz`);
  return { status: reply.status, retryAfter: reply.headers.get("retry-after"), body: (await reply.json()) as object };
};

async function expectAway(): Promise<void> {
  expect(await ready()).toMatchObject({ status: 503, retryAfter: "2", body: { code: "DATABASE_UNAVAILABLE" } });
  expect((await fetch(`${cloud.url}/livez`)).status).toBe(200);
  const enrol = await send(cloud.url, "/v1/agents", agentKey, {});
  expect(enrol).toMatchObject({ status: 503, body: { code: "DATABASE_UNAVAILABLE", retryAfterSeconds: 2 } });
  expect(enrol.headers.get("retry-after")).toBe("2");
}

test("a cloud whose database is away at its start waits for it, says so, and is ready when it comes", async () => {
  await expectAway();
  proxy.mend();
  await eventually(async () => (await ready()).status === 200);
  await TestAgent.enrol(cloud.url, agentKey, "patient");
});

test("a database that is lost later and comes back ends nothing: requests answer 503 meanwhile, and waiting claims are woken again", async () => {
  const agent = await TestAgent.enrol(cloud.url, agentKey, "waiting");
  proxy.cut();
  await eventually(expectAway);
  proxy.mend();
  await eventually(async () => (await ready()).status === 200);
  const waiting = agent.claim({ waitSeconds: 30 });
  const { id } = await createFlowRun(database.database.pool, { tenantId, project: "p", flow: "f" });
  expect((await waiting).runs.map(({ runId }) => runId)).toEqual([id]);
});

test("a claim that waits through a loss of the database is told, and may come again", async () => {
  const agent = await TestAgent.enrol(cloud.url, agentKey, "interrupted");
  const waiting = send(cloud.url, "/v1/claims", agent.session, { room: 1, waitSeconds: 5, labels: [], holding: [] });
  proxy.cut();
  const reply = await Promise.race([waiting, eventually(expectAway)]);
  proxy.mend();
  if (reply !== undefined) expect([200, 503]).toContain(reply.status);
  await eventually(async () => (await ready()).status === 200);
  expect([200, 503]).toContain((await waiting).status);
});

test("a secret that cannot be used, and an address that is taken, end the start with a sentence", async () => {
  const config = cloudConfig({ database: { url: proxy.url }, port: 0, secret: "short", logLevel: "silent" });
  await expect(startCloud(config)).rejects.toThrow(/must be base64url of at least 32 bytes/);
  const taken = startCloud({ ...config, secret: SECRET, port: cloud.port });
  await expect(taken).rejects.toThrow(`The port ${cloud.port} on 127.0.0.1 is in use by another program.`);
});

test("stopping answers the claims that wait", async () => {
  const own = await startCloud(
    cloudConfig({ database: { url: database.url }, port: 0, secret: SECRET, logLevel: "silent" }),
  );
  const agent = await TestAgent.enrol(own.url, agentKey, "left");
  const waiting = agent.claim({ waitSeconds: 30 });
  await eventually(async () => {
    const { rows } = await database.database.pool.query(
      `select count(*)::int4 as n from agents where name = 'left' and last_seen_at > enrolled_at`,
    );
    expect(rows).toEqual([{ n: 1 }]);
  });
  await own.stop();
  expect(await waiting).toEqual({ runs: [], orders: [] });
});
