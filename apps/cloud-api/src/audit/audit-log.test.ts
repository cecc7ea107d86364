import { AuditChain, type AuditEntry, type AuditHead, makeId } from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../api-keys/api-keys.ts";
import { inTenant } from "../database/tenant-scope.ts";
import {
  createRun,
  type GraphqlFixture,
  startGraphqlFixture,
  type TestTenant,
} from "../graphql/testing/graphql-fixture.ts";
import { recordAudit } from "./record-audit.ts";

let cloud: GraphqlFixture;
let a: TestTenant;

beforeAll(async () => {
  cloud = await startGraphqlFixture();
  a = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

const ENTRY = `sequence at actorKind actorId actorName keyId sessionId address action targetKind targetId asked outcome code request before
  after previousHash hash`;

interface Read {
  readonly auditLog: { readonly nodes: readonly AuditEntry[] };
  readonly auditHead: AuditHead;
}

async function read(tenant: TestTenant, filter: object = {}): Promise<AuditEntry[]> {
  const query = `query ($filter: AuditFilter) { auditLog(last: 200, filter: $filter) { nodes { ${ENTRY} } } }`;
  return (await cloud.ask<Read>(tenant, query, { filter })).auditLog.nodes.toReversed();
}

async function problemOf(tenant: TestTenant): Promise<string | null> {
  const chain = new AuditChain();
  for (const entry of await read(tenant)) {
    const problem = await chain.add(entry);
    if (problem !== null) return problem;
  }
  return chain.endsAt((await cloud.ask<Read>(tenant, "{ auditHead { sequence hash } }")).auditHead);
}

const record = (tenantId: string, action: string) =>
  recordAudit(cloud.deps.database.pool, { tenantId, actor: { kind: "system" }, action, outcome: "done" });

/** Ten entries of a tenant of its own. */
async function tenEntries(): Promise<TestTenant> {
  const tenant = await cloud.makeTenant();
  for (let n = 1; n <= 10; n += 1) await record(tenant.tenantId, `action ${n}`);
  return tenant;
}

const tamper = (sql: string, tenant: TestTenant) => cloud.database.pool.query(sql, [tenant.tenantId]);

test("a mutation stands between two entries: that it was asked for, and how it went, on what, by which key", async () => {
  const run = await createRun(cloud, a, "audited");
  await cloud.ask(a, `mutation { cancelFlowRun(id: "${run}") { __typename } }`);
  const [asked, done] = (await read(a)).slice(-2);
  expect(asked).toMatchObject({ action: "cancelFlowRun", outcome: "asked", targetKind: "FlowRun", targetId: run });
  expect(done).toMatchObject({
    action: "cancelFlowRun",
    outcome: "done",
    asked: asked?.sequence,
    actorKind: "key",
    address: "127.0.0.1",
    code: null,
    request: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(done?.keyId).toBe(done?.actorId);
});

test("what is made is the target of its entry", async () => {
  const make = `mutation { createApiKey(input: { name: "ci", scope: user }) { ... on CreateApiKeyPayload { apiKey { id } } } }`;
  const { createApiKey } = await cloud.ask<{ createApiKey: { apiKey: { id: string } } }>(a, make);
  expect((await read(a)).at(-1)).toMatchObject({ targetKind: "ApiKey", targetId: createApiKey.apiKey.id });
});

test("what is refused is written down with its code", async () => {
  const refused = await read(a, { outcome: ["refused"] });
  await cloud.ask(a, `mutation { cancelFlowRun(id: "${makeId()}") { __typename } }`);
  expect((await read(a, { outcome: ["refused"] })).slice(refused.length)).toMatchObject([
    { action: "cancelFlowRun", outcome: "refused", code: "NOT_FOUND" },
  ]);
});

async function keyOf(tenant: TestTenant, role: "viewer" | "operator"): Promise<string> {
  const { secrets } = cloud.deps;
  const wanted = { tenantId: tenant.tenantId, name: role, scope: "user", rights: { role } } as const;
  return (await createApiKey(cloud.database.pool, secrets, wanted)).key;
}

test("what is denied for want of a right is written down, and nobody without the right reads the log", async () => {
  const tenant = await cloud.makeTenant();
  const viewer = await keyOf(tenant, "viewer");
  await cloud.post(viewer, `mutation { createProject(input: { name: "denied" }) { __typename } }`);
  expect(await read(tenant)).toMatchObject([
    { action: "createProject", outcome: "asked" },
    { action: "createProject", outcome: "denied", code: "FORBIDDEN", asked: 1 },
  ]);
  const { body } = await cloud.post(viewer, "{ auditHead { sequence } }");
  expect(body.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
});

test("an operation that is denied as a whole, before anything of it is begun, is written down too", async () => {
  const tenant = await cloud.makeTenant();
  const run = await createRun(cloud, tenant, "shown");
  const { sequence = 0 } = (await read(tenant)).at(-1) ?? {};
  const operator = await keyOf(tenant, "operator");
  const { body } = await cloud.post(
    operator,
    `mutation { cancelFlowRun(id: "${run}") { ... on CancelFlowRunPayload { flowRun { parameters } } } }`,
  );
  expect(body.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  expect((await read(tenant)).slice(sequence)).toMatchObject([
    { action: "cancelFlowRun", outcome: "denied", code: "FORBIDDEN", asked: null },
  ]);
});

test("nothing of what was asked can be read in it, and equal questions have equal digests", async () => {
  await createRun(cloud, a, "secretive", { parameters: { word: "hunter2" } });
  await createRun(cloud, a, "secretive", { parameters: { word: "hunter2" } });
  const entries = await read(a, { action: "createFlowRun", outcome: ["done"] });
  expect(entries.at(-1)?.request).toBe(entries.at(-2)?.request);
  expect(JSON.stringify(await read(a))).not.toMatch(/hunter2|secretive/);
});

test("a mutation that cannot be written down is not begun", async () => {
  const { pool } = cloud.database;
  await pool.query("revoke insert on audit_entries from weir_app");
  const make = `mutation { createProject(input: { name: "silent" }) { __typename } }`;
  const { body } = await cloud.post(a.userKey, make);
  await pool.query("grant insert on audit_entries to weir_app");
  expect(body.errors).toMatchObject([{ extensions: { code: "INTERNAL" } }]);
  expect((await pool.query("select from projects where name = 'silent'")).rowCount).toBe(0);
});

test("the cloud itself can neither change, remove nor empty what stands in it", async () => {
  const { pool } = cloud.deps.database;
  for (const sql of [
    "update audit_entries set action = 'x'",
    "delete from audit_entries",
    "truncate audit_entries",
    "delete from audit_heads",
  ])
    await expect(inTenant(a.tenantId, () => pool.query(sql))).rejects.toMatchObject({ code: "42501" });
});

test("entries of one moment, by eight replicas, make one chain without a gap", async () => {
  const tenant = await cloud.makeTenant();
  const { pool } = cloud.deps.database;
  const record = { tenantId: tenant.tenantId, actor: { kind: "system" }, action: "crowd", outcome: "done" } as const;
  const replica = async (): Promise<number[]> => {
    // Each has a writer of its own, which does not know of the others.
    const own = { query: pool.query.bind(pool) } as unknown as typeof pool;
    const numbers: number[] = [];
    for (let n = 0; n < 15; n += 1) numbers.push(await recordAudit(own, record));
    return numbers;
  };
  const numbers = (await Promise.all(Array.from({ length: 8 }, replica))).flat();
  expect(numbers.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
  expect(await problemOf(tenant)).toBeNull();
});

test("what comes while an entry is being written is written together by the next statement", async () => {
  const { tenantId } = await cloud.makeTenant();
  const { pool } = cloud.deps.database;
  let statements = 0;
  const query = (...given: Parameters<typeof pool.query>) => {
    statements += 1;
    return pool.query(...given);
  };
  const own = { query } as unknown as typeof pool;
  const record = { tenantId, actor: { kind: "system" }, action: "crowd", outcome: "done" } as const;
  await Promise.all(Array.from({ length: 100 }, () => recordAudit(own, record)));
  // The first finds that the tenant has no head, makes one and tries again; all others are one statement.
  expect(statements).toBe(4);
});

test("a chain that nobody touched is whole", async () => {
  expect(await problemOf(await tenEntries())).toBeNull();
  expect(await problemOf(a)).toBeNull();
});

test.each([
  [
    "one letter is changed",
    "update audit_entries set action = 'action F' where tenant_id = $1 and sequence = 4",
    "Entry 4 was changed",
  ],
  [
    "one byte of a hash",
    "update audit_entries set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where tenant_id = $1 and sequence = 4",
    "Entry 4 was changed",
  ],
  [
    "one is removed",
    "delete from audit_entries where tenant_id = $1 and sequence = 4",
    "Entry 4 is missing: after entry 3 comes entry 5",
  ],
  ["the first is removed", "delete from audit_entries where tenant_id = $1 and sequence = 1", "Entry 1 is missing"],
  [
    "the tail is cut off",
    "delete from audit_entries where tenant_id = $1 and sequence > 7",
    "Entry 8 is missing: the log ends at entry 7",
  ],
  [
    "two change places",
    `update audit_entries x set action = y.action, at = y.at, previous_hash = y.previous_hash, hash = y.hash from audit_entries y
     where x.tenant_id = $1 and y.tenant_id = $1 and x.sequence in (4, 5) and y.sequence = 9 - x.sequence`,
    "Entry 4 does not follow entry 3",
  ],
])("verification tells the first entry that is wrong when %s", async (_what, sql, told) => {
  const tenant = await tenEntries();
  await tamper(sql, tenant);
  expect(await problemOf(tenant)).toMatch(told);
});

test("a chain that was written anew from one entry on is not the one whose head was noted", async () => {
  const tenant = await tenEntries();
  const noted = (await cloud.ask<Read>(tenant, "{ auditHead { sequence hash } }")).auditHead;
  await tamper("delete from audit_entries where tenant_id = $1 and sequence = 10", tenant);
  await tamper(
    `update audit_heads h set sequence = 9, hash = e.hash from audit_entries e where h.tenant_id = $1 and e.tenant_id = $1 and e.sequence = 9`,
    tenant,
  );
  await record(tenant.tenantId, "another tenth");
  expect(await problemOf(tenant)).toBeNull();
  const chain = new AuditChain();
  for (const entry of await read(tenant)) await chain.add(entry);
  expect(chain.endsAt(noted)).toMatch("Entry 10 is not the one that stood there");
});

test("entries are found by actor, action, outcome and time, and another tenant sees none of them", async () => {
  const entries = await read(a, { action: "createApiKey" });
  expect(entries.length).toBeGreaterThan(0);
  expect(new Set(entries.map(({ action }) => action))).toEqual(new Set(["createApiKey"]));
  expect(await read(a, { actorId: makeId() })).toEqual([]);
  expect((await read(a, { actorId: entries[0]?.actorId })).length).toBeGreaterThan(2);
  expect(await read(a, { from: "2999-01-01T00:00:00Z" })).toEqual([]);
  expect(await read(a, { before: "2999-01-01T00:00:00Z", outcome: ["denied"] })).toEqual([]);
  const b = await cloud.makeTenant();
  expect(await read(b, {})).toEqual([]);
});
