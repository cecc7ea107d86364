import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, send, startDoor } from "../run-door/testing/door-fixture.ts";

let door: DoorFixture;
beforeAll(async () => {
  door = await startDoor();
});
afterAll(() => door.stop());

async function entries(action: string): Promise<object[]> {
  const { rows } = await door.pool.query<object>(
    `select outcome, code, actor_kind as kind, target_kind as target, address from audit_entries
     where tenant_id = $1 and action = $2 order by sequence`,
    [door.tenantId, action],
  );
  return rows;
}

test("an agent that enrols is written down, before and after, with what it became", async () => {
  await door.enrol("box");
  const by = { kind: "agent", address: "127.0.0.1", code: null };
  expect(await entries("enrolAgent")).toEqual([
    { ...by, outcome: "asked", target: null },
    { ...by, outcome: "done", target: "Agent" },
  ]);
});

test("a key that is turned away is written down once a minute for each reason; one of nobody is not", async () => {
  const ask = (key: string) => send(door.cloud.url, "/graphql", key, { query: "{ viewer { scope } }" });
  for (let n = 0; n < 3; n += 1) expect((await ask(door.agentKey)).status).toBe(403);
  await door.pool.query("update api_keys set revoked_at = now() where scope = 'user'");
  await door.pool.query("select pg_sleep(0.6)");
  for (let n = 0; n < 3; n += 1) expect((await ask(door.userKey)).body.code).toBe("KEY_REVOKED");
  expect((await ask("weir_u_madeup")).status).toBe(401);
  const by = { outcome: "denied", target: null, address: "127.0.0.1" };
  expect(await entries("useCredential")).toEqual([
    { ...by, code: "FORBIDDEN", kind: "agent" },
    { ...by, code: "KEY_REVOKED", kind: "key" },
  ]);
});
