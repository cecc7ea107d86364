import { makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authenticateKey, createApiKey } from "../api-keys/api-keys.ts";
import { knownKeysOf } from "../api-keys/known-keys.ts";
import { type GraphqlFixture, startGraphqlFixture, type TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { beginSession, readSession } from "../people/sessions.ts";
import { requireStillHolds } from "./still-holds.ts";

let cloud: GraphqlFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

test("a key holds what it held, until its role holds less, and only where it may be used", async () => {
  const { pool } = cloud.database;
  const { tenantId } = tenant;
  const roleId = makeId();
  const values = [roleId, tenantId, ["run:read", "log:read"]];
  await pool.query("insert into roles (id, tenant_id, name, permissions) values ($1, $2, 'watcher', $3)", values);
  const allowedAddresses = ["10.0.0.0/8"];
  const wanted = { tenantId, name: "k", scope: "user" as const, rights: { roleId }, allowedAddresses };
  const { key } = await createApiKey(pool, cloud.deps.secrets, wanted);
  const principal = await authenticateKey(pool, cloud.deps.secrets, key, "10.0.0.1");
  await requireStillHolds(pool, principal, "10.0.0.1");
  await expect(requireStillHolds(pool, principal, "11.0.0.1")).rejects.toMatchObject({ code: "FORBIDDEN" });
  await pool.query("update roles set permissions = $2 where id = $1", [roleId, ["run:read", "run:start"]]);
  knownKeysOf(pool).forget();
  await expect(requireStillHolds(pool, principal, "10.0.0.1")).rejects.toThrow("became less (log:read)");
});

test("a session holds what it held, until its person is less, or it is over", async () => {
  const { pool } = cloud.database;
  const { secrets } = cloud.deps;
  const { tenantId } = tenant;
  const [userId, membershipId] = [makeId(), makeId()];
  await pool.query("insert into users (id, email) values ($1, 'ada@example.com')", [userId]);
  const member = [membershipId, tenantId, userId];
  await pool.query("insert into memberships (id, tenant_id, user_id, role) values ($1, $2, $3, 'developer')", member);
  const { token } = await beginSession(pool, secrets, { tenantId, membershipId, method: "password" });
  const principal = await readSession(pool, secrets, token);
  await requireStillHolds(pool, principal, null);
  await pool.query("update memberships set role = 'viewer' where id = $1", [membershipId]);
  await expect(requireStillHolds(pool, principal, null)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await pool.query("update memberships set role = 'owner' where id = $1", [membershipId]);
  await requireStillHolds(pool, principal, null);
  await pool.query("update user_sessions set revoked_at = now() where membership_id = $1", [membershipId]);
  await expect(requireStillHolds(pool, principal, null)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});
