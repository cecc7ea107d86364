import { createSecrets } from "../secrets.ts";
import { makeKey } from "./key-format.ts";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../database/index.ts";
import { type DoorFixture, makeTenant, startDoor } from "../run-door/testing/door-fixture.ts";
import { authenticateKey, createApiKey, revokeApiKey } from "./api-keys.ts";

let door: DoorFixture;
beforeAll(async () => {
  door = await startDoor();
});
afterAll(() => door.stop());

const make = (more: object = {}) =>
  createApiKey(door.pool, door.secrets, {
    tenantId: door.tenantId,
    name: "ci",
    scope: "user",
    rights: { permissions: ["run:read"] },
    ...more,
  });
const authenticate = (key: string) => authenticateKey(door.pool, door.secrets, key);

test("a key tells whose it is, and is stored as an HMAC alone", async () => {
  const { id, key } = await make();
  expect(await authenticate(key)).toEqual({
    tenantId: door.tenantId,
    keyId: id,
    networks: [],
    scope: "user",
    permissions: new Set(["run:read"]),
  });
  const { rows } = await door.pool.query(`select api_keys::text as row from api_keys where id = $1`, [id]);
  expect((rows[0] as { row: string }).row).not.toContain(key.slice(16));
});

test("a key that was never made, is mistyped, or is none, is refused without being repeated", async () => {
  const { key } = await make();
  const mistyped = key.slice(0, -1) + (key.endsWith("A") ? "B" : "A");
  for (const wrong of [makeKey("user"), mistyped, "hello", "", `${key} `]) {
    const error = await authenticate(wrong).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "UNAUTHENTICATED" });
    expect((error as Error).message).not.toContain(wrong === "" ? "weir_u_0" : wrong.trim());
  }
});

test("a key of the right look-up characters but another rest is refused", async () => {
  const { key } = await make();
  const random = (length: number) => new Uint8Array(length).fill(1);
  await door.pool.query(`update api_keys set lookup = $1 where lookup = $2`, ["11111111", key.slice(7, 15)]);
  await expect(authenticate(makeKey("user", random))).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("a key of a cloud with another secret is refused", async () => {
  const { key } = await make();
  const other = createSecrets(Buffer.alloc(32, 1).toString("base64url"));
  await expect(authenticateKey(door.pool, other, key)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("an expired and a revoked key are told apart, with when and what to do", async () => {
  const expired = await make({ name: "old", expiresAt: new Date("2020-01-01") });
  await expect(authenticate(expired.key)).rejects.toThrow(
    'The key "old" expired at 2020-01-01T00:00:00.000Z. Make another',
  );
  await expect(authenticate(expired.key)).rejects.toMatchObject({ code: "KEY_EXPIRED" });
  const revoked = await make();
  await authenticate(revoked.key);
  expect(await revokeApiKey(door.pool, { tenantId: door.tenantId, id: revoked.id })).toBe(true);
  await expect(authenticate(revoked.key)).rejects.toMatchObject({ code: "KEY_REVOKED" });
});

test("a revocation on one replica acts on the others within a second", async () => {
  const { id, key } = await make();
  const another = openDatabase({ url: (door.config.database as { url: string }).url });
  await authenticateKey(another.pool, door.secrets, key);
  await revokeApiKey(door.pool, { tenantId: door.tenantId, id });
  const refused = () =>
    expect(authenticateKey(another.pool, door.secrets, key)).rejects.toMatchObject({ code: "KEY_REVOKED" });
  await eventually(refused, { timeoutMs: 1_000 });
  await another.close();
});

test("a tenant revokes its own keys alone", async () => {
  const { id, key } = await make();
  expect(await revokeApiKey(door.pool, { tenantId: await makeTenant(door.pool), id })).toBe(false);
  await authenticate(key);
});

test("the last use is written, and not again within the minute", async () => {
  const { id, key } = await make();
  const lastUsed = async () =>
    (await door.pool.query(`select last_used_at from api_keys where id = $1`, [id])).rows[0] as object;
  expect(await lastUsed()).toEqual({ last_used_at: null });
  await authenticate(key);
  const first = await lastUsed();
  expect(first).toMatchObject({ last_used_at: expect.any(Date) });
  await authenticate(key);
  expect(await lastUsed()).toEqual(first);
});

test("each door takes keys of its own scope alone", async () => {
  const asAgent = await door.post("/v1/agents", door.userKey, {});
  expect(asAgent).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
  const asUser = await door.post("/graphql", door.agentKey, { query: "{ viewer { scope } }" });
  expect(asUser).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
});
