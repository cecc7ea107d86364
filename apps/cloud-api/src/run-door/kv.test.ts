import { type ClaimedRun, type KvDeleteReply, type KvGetReply, type KvSetReply, LIMITS, makeId } from "@weir/protocol";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "./testing/door-fixture.ts";
import { flow } from "./testing/events.ts";

let door: DoorFixture;
let agent: TestAgent;
let run: ClaimedRun;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
  run = await begin();
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

async function begin(): Promise<ClaimedRun> {
  await door.create();
  const claimed = await agent.claimOne();
  await agent.reported(claimed, 1, [flow("Running")]);
  return claimed;
}

const ask = <T>(verb: string, body: object, by = run) =>
  door.post<T>(`/v1/runs/${by.runId}/kv/${verb}`, by.runToken, { attempt: by.attempt, ...body });
const get = async (key: string, by = run) => (await ask<KvGetReply>("get", { key }, by)).body;
const set = (key: string, value: unknown, more: object = {}, by = run) =>
  ask<KvSetReply>("set", { key, value, question: makeId(), ...more }, by);
const remove = (key: string, more: object = {}, by = run) =>
  ask<KvDeleteReply>("delete", { key, question: makeId(), ...more }, by);

const refused = (status: number, code: string, sentence = "") => ({
  status,
  body: { code, message: expect.stringContaining(sentence) as string },
});

async function writer(key: string): Promise<string | undefined> {
  const { rows } = await door.pool.query<{ by: string }>(`select updated_by as by from kv_entries where key = $1`, [
    key,
  ]);
  return rows[0]?.by;
}

test("a run writes, reads and deletes what its tenant keeps, and is named as the writer", async () => {
  expect(await get("cursor")).toEqual({ version: 0 });
  expect((await set("cursor", { at: [1, null] })).body).toEqual({ version: 1 });
  expect(await get("cursor")).toEqual({ version: 1, value: { at: [1, null] } });
  expect(await writer("cursor")).toBe(`flow run ${run.runId}`);
  expect((await set("cursor", null, { number: 3 })).body).toEqual({ version: 2 });
  expect(await get("cursor")).toEqual({ version: 2, value: null });
  expect(await writer("cursor")).toBe(`flow run ${run.runId}, task run 3`);
  expect((await remove("cursor")).body).toEqual({ deleted: true });
  expect((await remove("cursor")).body).toEqual({ deleted: false });
  expect(await get("cursor")).toEqual({ version: 0 });
});

test("with a version only what was read is written over or deleted", async () => {
  expect((await set("compared", "a", { expectedVersion: 0 })).body).toEqual({ version: 1 });
  expect(await set("compared", "b", { expectedVersion: 0 })).toMatchObject(refused(409, "CONFLICT", "has version 1"));
  expect((await set("compared", "b", { expectedVersion: 1 })).body).toEqual({ version: 2 });
  expect(await remove("compared", { expectedVersion: 1 })).toMatchObject(refused(409, "CONFLICT", "has version 2"));
  expect(await remove("compared", { expectedVersion: 0 })).toMatchObject(refused(409, "CONFLICT", "has version 2"));
  expect(await remove("absent", { expectedVersion: 1 })).toMatchObject(refused(409, "CONFLICT", "is not there"));
  expect((await remove("absent", { expectedVersion: 0 })).body).toEqual({ deleted: false });
  expect(await get("compared")).toEqual({ version: 2, value: "b" });
});

test("a question that is asked again is done once, and answered as it was at first, whatever came between", async () => {
  const first = { question: makeId(), expectedVersion: 0 };
  expect((await set("again", "mine", first)).body).toEqual({ version: 1 });
  expect((await set("again", "mine", first)).body).toEqual({ version: 1 });
  const blind = { question: makeId() };
  expect((await set("again", "blind", blind)).body).toEqual({ version: 2 });
  expect((await set("again", "theirs", { expectedVersion: 2 })).body).toEqual({ version: 3 });
  expect((await set("again", "blind", blind)).body).toEqual({ version: 2 });
  expect((await set("again", "mine", first)).body).toEqual({ version: 1 });
  expect(await get("again")).toEqual({ version: 3, value: "theirs" });
  const gone = { question: makeId(), expectedVersion: 3 };
  expect((await remove("again", gone)).body).toEqual({ deleted: true });
  expect((await remove("again", gone)).body).toEqual({ deleted: true });
  expect((await set("again", "new")).body).toEqual({ version: 1 });
  expect((await remove("again", gone)).body).toEqual({ deleted: true });
  expect(await get("again")).toEqual({ version: 1, value: "new" });
});

test("eight copies of a question at one moment are one write; of eight questions with one version, one is", async () => {
  const same = { question: makeId() };
  const copies = await Promise.all(Array.from({ length: 8 }, () => set("copied", 1, same)));
  expect(copies.map(({ body }) => body)).toEqual(Array.from({ length: 8 }, () => ({ version: 1 })));
  expect(await get("copied")).toMatchObject({ version: 1 });
  const raced = await Promise.all(Array.from({ length: 8 }, (_, i) => set("copied", i, { expectedVersion: 1 })));
  expect(raced.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(raced.filter(({ body }) => body.code === "CONFLICT")).toHaveLength(7);
});

test.each([
  ["too large a value", { value: "x".repeat(LIMITS.kvValueBytes) }, 413, "TOO_LARGE"],
  [
    "a value that is deeper than it may be",
    { value: JSON.parse(`${"[".repeat(70)}${"]".repeat(70)}`) },
    400,
    "INVALID",
  ],
  ["plain data under the name of sealed data", { value: { $sealed: { a: 1 } } }, 400, "INVALID"],
  ["no value", { value: undefined }, 400, "INVALID"],
  ["an empty key", { key: "" }, 400, "INVALID"],
  ["a key of blanks", { key: "  " }, 400, "INVALID"],
  ["a key with a control character", { key: "a\nb" }, 400, "INVALID"],
  ["too long a key", { key: "k".repeat(201) }, 400, "INVALID"],
  ["a version that none can be", { expectedVersion: -1 }, 400, "INVALID"],
  ["a version beyond all", { expectedVersion: 2 ** 31 }, 400, "INVALID"],
  ["a question without an id", { question: "again" }, 400, "INVALID"],
])("%s is refused, and nothing is written", async (_what, more, status, code) => {
  expect(await set("refused", 1, more)).toMatchObject(refused(status, code));
  expect(await get("refused")).toEqual({ version: 0 });
});

test("a sealed value is kept, and may be longer by what sealing takes", async () => {
  const sealed = { $sealed: { ciphertext: "x".repeat(LIMITS.kvValueBytes * 1.3), recipients: [{}] } };
  expect((await set("sealed", sealed)).body).toEqual({ version: 1 });
  expect(await get("sealed")).toEqual({ version: 1, value: sealed });
});

test("a tenant's quota holds for what runs write, too", async () => {
  await door.pool.query(`insert into tenant_quotas (tenant_id, kv_bytes) values ($1, 100000)`, [door.tenantId]);
  // Sizes are trusted for five seconds; a replica knows none yet.
  const { url } = await door.replica();
  const asked = await fetch(`${url}/v1/runs/${run.runId}/kv/set`, {
    method: "POST",
    headers: { authorization: `Bearer ${run.runToken}`, "content-type": "application/json" },
    body: JSON.stringify({ attempt: 1, question: makeId(), key: "quota", value: "x".repeat(60_000) }),
  });
  expect([asked.status, await asked.json()]).toMatchObject([409, { code: "QUOTA_EXCEEDED" }]);
  await door.pool.query(`delete from tenant_quotas`);
});

test("an attempt that has lost its run is told so, reads nothing and changes nothing", async () => {
  await set("kept", "before");
  const lost = await begin();
  const question = makeId();
  expect((await set("answered", 1, { question }, lost)).status).toBe(200);
  await agent.release(lost, "drain");
  const stale = refused(409, "STALE_ATTEMPT");
  expect(await ask("get", { key: "kept" }, lost)).toMatchObject(stale);
  expect(await set("kept", "late", {}, lost)).toMatchObject(stale);
  expect(await set("answered", 1, { question }, lost)).toMatchObject(stale);
  expect(await remove("kept", {}, lost)).toMatchObject(stale);
  expect(await get("kept")).toEqual({ version: 1, value: "before" });
  const again = await agent.claimOne();
  expect(await ask("get", { key: "kept", attempt: 1 }, again)).toMatchObject(refused(403, "FORBIDDEN"));
  expect(await get("kept", again)).toEqual({ version: 1, value: "before" });
});

test("a write that meets the loss of the lease in the midst waits for it, and is not done", async () => {
  const losing = await begin();
  const client = await door.pool.connect();
  await client.query("begin");
  await client.query(`update flow_runs set attempt = attempt + 1 where id = $1`, [losing.runId]);
  const asked = set("raced with a lease", 1, {}, losing);
  await eventually(async () => {
    const { rows } = await door.pool.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%with live as%' and datname = current_database()
         and pid <> pg_backend_pid()`,
    );
    expect(rows).toHaveLength(1);
  });
  await client.query("commit");
  client.release();
  expect(await asked).toMatchObject(refused(409, "STALE_ATTEMPT"));
  expect(await get("raced with a lease")).toEqual({ version: 0 });
  await door.pool.query(`update flow_runs set attempt = attempt - 1 where id = $1`, [losing.runId]);
});

test("another tenant's entries are neither read nor written nor deleted", async () => {
  const foreign = await makeTenant(door.pool);
  await door.pool.query(
    `insert into kv_entries (tenant_id, key, value, updated_by) values ($1, 'theirs', '"secret"', 'they')`,
    [foreign],
  );
  expect(await get("theirs")).toEqual({ version: 0 });
  expect((await remove("theirs")).body).toEqual({ deleted: false });
  expect((await set("theirs", "mine", { expectedVersion: 0 })).body).toEqual({ version: 1 });
  const { rows } = await door.pool.query(`select value from kv_entries where tenant_id = $1`, [foreign]);
  expect(rows).toEqual([{ value: "secret" }]);
});
