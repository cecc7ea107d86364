import { afterEach, expect, test } from "vitest";
import type { CloudConfig } from "../config.ts";
import { log } from "../run-door/testing/events.ts";
import { type DoorFixture, send, startDoor } from "../run-door/testing/door-fixture.ts";
import type { RateLimits } from "./rates.ts";

const FREE: RateLimits = { costOfKey: 0, costOfTenant: 0, claims: 0, enrolments: 0, strangers: 0 };

const doors: DoorFixture[] = [];
afterEach(async () => {
  for (const door of doors.splice(0)) await door.stop();
});

async function doorWith(rates: Partial<RateLimits>, more: Partial<CloudConfig> = {}): Promise<DoorFixture> {
  const door = await startDoor({ rates: { ...FREE, ...rates }, ...more });
  doors.push(door);
  return door;
}

const ASK = { query: "{ viewer { scope } }" };

test("a key that has asked for its minute's worth is told how long to wait, on every way; another key is answered", async () => {
  const door = await doorWith({ costOfKey: 30 });
  const ask = (key: string) => send(door.cloud.url, "/graphql", key, ASK);
  expect((await ask(door.userKey)).status).toBe(200);
  const make = `mutation { createApiKey(input: { name: "other", scope: user }) { ... on CreateApiKeyPayload { key } } }`;
  const made = await send<{ data: { createApiKey: { key: string } } }>(door.cloud.url, "/graphql", door.userKey, {
    query: make,
  });
  const refused = await ask(door.userKey);
  expect(refused).toMatchObject({
    status: 429,
    body: { code: "RATE_LIMITED", message: expect.stringMatching(/^This key asked for more of GraphQL .* Wait \d+ s/) },
  });
  expect(refused.headers.get("retry-after")).toBe(String(refused.body.retryAfterSeconds));
  expect((await ask(made.body.data.createApiKey.key)).status).toBe(200);
});

test("an operation that costs more than is left is not begun, and is told in GraphQL's form", async () => {
  const door = await doorWith({ costOfTenant: 20_000 });
  const query = "{ flowRuns(first: 200) { nodes { id name state flow { name } } } }";
  const ask = () =>
    send<{ errors: readonly { extensions: object }[] }>(door.cloud.url, "/graphql", door.userKey, { query });
  expect((await ask()).status).toBe(200);
  let refused = await ask();
  for (let n = 0; n < 20 && refused.status === 200; n += 1) refused = await ask();
  expect(refused).toMatchObject({
    status: 429,
    body: { errors: [{ extensions: { code: "RATE_LIMITED", retryAfterSeconds: expect.any(Number) } }] },
  });
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("agents of a tenant claim and enrol from budgets of their own", async () => {
  const door = await doorWith({ claims: 3, enrolments: 2 });
  const agent = await door.enrol();
  const claim = { room: 1, waitSeconds: 0, labels: [], holding: [] };
  for (let n = 0; n < 3; n += 1) expect((await door.post("/v1/claims", agent.session, claim)).status).toBe(200);
  expect(await door.post("/v1/claims", agent.session, claim)).toMatchObject({
    status: 429,
    body: { code: "RATE_LIMITED", message: expect.stringContaining("more claims in a minute") },
  });
  await door.enrol("second");
  await expect(door.enrol("third")).rejects.toThrow(/429.*more enrolments/);
});

test("whoever has no credential is turned away by network address; health is always told", async () => {
  const door = await doorWith({ strangers: 2 });
  const login = () => door.post("/auth/login", null, { email: "a@x.example", password: "not the password" });
  expect([(await login()).status, (await login()).status]).toEqual([401, 401]);
  expect(await login()).toMatchObject({
    status: 429,
    body: { code: "RATE_LIMITED", message: expect.stringContaining("This network address") },
  });
  expect((await fetch(`${door.cloud.url}/readyz`)).status).toBe(200);
  expect((await door.post("/graphql", door.userKey, ASK)).status).toBe(200);
});

test("reports of running work go on while their tenant has used up everything else", async () => {
  const door = await doorWith({ costOfKey: 1, costOfTenant: 1, claims: 1, enrolments: 1, strangers: 1 });
  const agent = await door.enrol();
  await door.create();
  const run = await agent.claimOne();
  const flood = async () => {
    const asked = Array.from({ length: 20 }, () => [
      send(door.cloud.url, "/graphql", door.userKey, ASK),
      send(door.cloud.url, "/v1/claims", agent.session, { room: 1, waitSeconds: 0, labels: [], holding: [] }),
      send(door.cloud.url, "/v1/agents", door.agentKey, {}),
    ]);
    return (await Promise.all(asked.flat())).map(({ status }) => status);
  };
  await flood();
  const flooding = Array.from({ length: 5 }, flood);
  const statuses = [];
  for (let first = 1; first <= 100; first += 1) statuses.push((await agent.report(run, first, [log("on")])).status);
  expect(new Set((await Promise.all(flooding)).flat())).toEqual(new Set([429]));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect((await door.run(run.runId)).event_number).toBe(100);
});
