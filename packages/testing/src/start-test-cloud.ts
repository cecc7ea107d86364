import { randomBytes } from "node:crypto";
import { type CloudConfig, cloudConfig, createApiKey, createSecrets, startCloud } from "@weir/cloud-api";
import { type Database, dropPartitionsBefore } from "@weir/cloud-api/database";
import { makeId } from "@weir/protocol";
import { createTestDatabase } from "./database.ts";

/** A whole cloud in this process, on a database of its own. */
export interface TestCloud {
  readonly url: string;
  readonly userKey: string;
  readonly agentKey: string;
  readonly tenantId: string;
  readonly database: Database;
  /** Drops what retention drops, of all runs that are over, as if some days had passed; there is no place for new ones until then. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

const DAYS_MS = 2 * 86_400_000;

/** 0 is no limit: the event loop is the test runner's as well, and a busy machine must not turn tests away. */
const NO_OVERLOAD = { eventLoopDelayMs: 0, heapBytes: 0 };

/**
 * Starts a cloud on a free port, with a tenant and a project `default`, as an embedded one has them.
 * @param given settings other than the defaults: `{ leaseSeconds: 2, sweepSeconds: 0.1 }` where a lease is to expire.
 * @example const cloud = await startTestCloud(); afterAll(() => cloud.stop());
 */
export async function startTestCloud(
  given: Partial<Omit<CloudConfig, "database" | "secret">> = {},
): Promise<TestCloud> {
  const test = await createTestDatabase();
  const secret = randomBytes(32).toString("base64url");
  const cloud = await startCloud(
    cloudConfig({ database: { url: test.url }, secret, port: 0, logLevel: "silent", overload: NO_OVERLOAD, ...given }),
  );
  const { database } = test;
  const tenantId = makeId();
  await database.pool.query("insert into tenants (id, name) values ($1, 'default')", [tenantId]);
  await database.pool.query("insert into projects (id, tenant_id, name) values ($1, $2, 'default')", [
    makeId(),
    tenantId,
  ]);
  const secrets = createSecrets(secret);
  const [user, agent] = await Promise.all(
    (["user", "agent"] as const).map((scope) =>
      createApiKey(database.pool, secrets, {
        tenantId,
        scope,
        name: scope,
        ...(scope === "user" && { rights: { role: "owner" } as const }),
      }),
    ),
  );
  return {
    url: cloud.url,
    userKey: user?.key ?? "",
    agentKey: agent?.key ?? "",
    tenantId,
    database,
    async forget() {
      await dropPartitionsBefore(database.pool, new Date(Date.now() + DAYS_MS));
    },
    async stop() {
      await cloud.stop();
      await test.drop();
    },
  };
}
