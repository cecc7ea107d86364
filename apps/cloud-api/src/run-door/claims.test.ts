import type { ClaimedRun } from "@weir/protocol";
import { eventually } from "@weir/testing";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { createApiKey, revokeApiKey } from "../api-keys/api-keys.ts";
import { cancelFlowRun } from "../flow-runs/cancel-flow-run.ts";
import { type DoorFixture, makeTenant, startDoor, TestAgent } from "./testing/door-fixture.ts";
import { declare, flow, task } from "./testing/events.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
});
afterEach(async () => {
  expect(await door.violations()).toEqual([]);
  // Whatever a test left to be claimed is none of the next one's.
  await door.pool.query(
    `update flow_runs set scheduled_start_time = now() + interval '1 day' where state = 'Scheduled'`,
  );
});
afterAll(() => door.stop());

test("eight claimers and a hundred runs: each run goes to exactly one", async () => {
  const runs = await Promise.all(Array.from({ length: 100 }, () => door.create()));
  const agents = await Promise.all(Array.from({ length: 8 }, (_, i) => door.enrol(`racer ${i}`)));
  const claimed: string[] = [];
  const drain = async (racer: TestAgent) => {
    for (let more = true; more;) {
      const { runs } = await racer.claim({ room: 3 });
      claimed.push(...runs.map(({ runId }) => runId));
      more = runs.length > 0;
    }
  };
  await Promise.all(agents.map(drain));
  expect(claimed.toSorted()).toEqual(runs.toSorted());
});

test("a claim says everything that is needed to run", async () => {
  const id = await door.create({ parameters: { top: 5 }, name: "by hand", labels: ["gpu"] });
  const run = await agent.claimOne({ labels: ["gpu", "eu"] });
  expect(run).toMatchObject({
    runId: id,
    runName: "by hand",
    attempt: 1,
    leaseSeconds: 45,
    reportSeconds: 10,
    project: "p",
    flow: "f",
    flowVersion: 1,
    parameters: { top: 5 },
    labels: ["gpu"],
    known: [],
  });
  expect(run.storage).toMatchObject({ kind: "local", entry: "f.ts" });
  expect(Math.abs(run.createdAt - run.scheduledStartTime)).toBeLessThan(1000);
});

test("a run goes only to an agent that has all of its labels, and does not hold up those behind it", async () => {
  const before = await Promise.all(Array.from({ length: 30 }, () => door.create({ labels: ["gpu", "eu"] })));
  const plain = await door.create();
  expect((await agent.claimOne()).runId).toBe(plain);
  expect((await agent.claim({ labels: ["gpu"] })).runs).toEqual([]);
  const { runs } = await agent.claim({ labels: ["eu", "gpu", "fast"], room: 100 });
  expect(runs.map(({ runId }) => runId).toSorted()).toEqual(before.toSorted());
});

test("an agent that serves projects gets runs of these alone", async () => {
  const id = await door.create();
  expect((await agent.claim({ projects: ["q"] })).runs).toEqual([]);
  expect((await agent.claimOne({ projects: ["q", "p"] })).runId).toBe(id);
});

test("runs of another tenant are never claimed", async () => {
  await door.create({ tenantId: await makeTenant(door.pool) });
  expect((await agent.claim({ room: 100 })).runs).toEqual([]);
});

test("a claim that waits ends as soon as a run is created", async () => {
  const waiting = agent.claim({ waitSeconds: 30 });
  const id = await door.create();
  expect((await waiting).runs.map(({ runId }) => runId)).toEqual([id]);
});

test("a claim is told for how long it had waited when its runs were claimed", async () => {
  const begun = performance.now();
  const due = new Date(Date.now() + 400);
  await door.create({ scheduledStartTime: due });
  const { runs, waitedSeconds = 0 } = await agent.claim({ waitSeconds: 30 });
  expect(runs).toHaveLength(1);
  expect(waitedSeconds * 1000).toBeLessThanOrEqual(performance.now() - begun);
  // It was not due before, so what it is told cannot be the little time of the first look.
  expect(waitedSeconds).toBeGreaterThan(0.1);
});

test(
  "a claim waits for no longer than two thirds of a lease: whoever left it may have died",
  { timeout: 20_000 },
  async () => {
    const hurried = await startDoor({ leaseSeconds: 0.6 });
    onTestFinished(() => hurried.stop());
    const idle = await hurried.enrol("idle");
    expect(await idle.claim({ waitSeconds: 30 })).toEqual({ runs: [], orders: [] });
  },
);

test("a claim that waits ends when a run for later comes due", async () => {
  const id = await door.create({ scheduledStartTime: new Date(Date.now() + 400) });
  expect((await agent.claim()).runs).toEqual([]);
  const { runs } = await agent.claim({ waitSeconds: 30 });
  expect(runs.map(({ runId }) => runId)).toEqual([id]);
});

test("of many that wait, each run wakes one that may take it", async () => {
  const gpu = Array.from({ length: 5 }, () => agent.claim({ waitSeconds: 30, labels: ["gpu"] }));
  const plain = Array.from({ length: 5 }, () => agent.claim({ waitSeconds: 0.5 }));
  const ids = await Promise.all(Array.from({ length: 5 }, () => door.create({ labels: ["gpu"] })));
  const taken = (await Promise.all(gpu)).flatMap(({ runs }) => runs.map(({ runId }) => runId));
  expect(taken.toSorted()).toEqual(ids.toSorted());
  expect((await Promise.all(plain)).flatMap(({ runs }) => runs)).toEqual([]);
});

test("a client that hung up while it waited takes no run with it", async () => {
  const hangUp = new AbortController();
  const leaver = await door.enrol("leaver");
  const body = JSON.stringify({ room: 1, waitSeconds: 30, labels: ["leaver"], holding: [] });
  const headers = { authorization: `Bearer ${leaver.session}`, "content-type": "application/json" };
  const gone = fetch(`${door.cloud.url}/v1/claims`, { method: "POST", headers, body, signal: hangUp.signal });
  await heardOf("leaver");
  const waiting = agent.claim({ waitSeconds: 30, labels: ["leaver"] });
  hangUp.abort();
  await expect(gone).rejects.toThrow(/abort/);
  const id = await door.create();
  expect((await waiting).runs.map(({ runId }) => runId)).toEqual([id]);
});

test("an order comes back with a claim at once, also without room, and is not told without end", async () => {
  await door.create();
  const run = await agent.claimOne();
  const waiting = agent.claim({ room: 0, waitSeconds: 30, holding: [run.runId] });
  await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  expect(await waiting).toEqual({ runs: [], orders: [{ runId: run.runId, order: { kind: "cancel" } }] });
  expect(await agent.claim({ room: 0, holding: [run.runId] })).toEqual({ runs: [], orders: [] });
  expect(await agent.reported(run, 1, [])).toMatchObject({ orders: [{ kind: "cancel" }] });
  expect(await agent.reported(run, 1, [flow("Cancelled")])).toEqual({ accepted: 1, orders: [], refused: [] });
});

test("orders are told to the agent that holds the run, and to no other", async () => {
  await door.create();
  const run = await agent.claimOne();
  await cancelFlowRun(door.pool, { tenantId: door.tenantId, id: run.runId });
  const other = await door.enrol("another");
  expect((await other.claim({ room: 0, holding: [run.runId] })).orders).toEqual([]);
});

test("a later attempt learns what is known of the task runs", async () => {
  await door.create();
  const first = await agent.claimOne();
  await agent.reported(first, 1, [
    flow("Running"),
    declare(1, { task: "load", key: "k" }),
    task(1, "Success", { location: "file:/1" }),
    declare(2, { task: "clean", ordinal: 0 }),
    task(2, "Mapped", { mapCount: 2 }),
    declare(3, { task: "clean", ordinal: 0, mapIndex: 0, parent: 2 }),
    task(3, "Running", { tryNumber: 2 }),
  ]);
  await agent.release(first, "drain");
  const second: ClaimedRun = await agent.claimOne();
  expect(second).toMatchObject({ runId: first.runId, attempt: 2 });
  expect(second.known).toEqual([
    { number: 1, task: "load", ordinal: 0, key: "k", state: "Success", tryNumber: 0, location: "file:/1" },
    { number: 2, task: "clean", ordinal: 0, state: "Mapped", tryNumber: 0, mapCount: 2 },
    { number: 3, task: "clean", ordinal: 0, mapIndex: 0, parent: 2, state: "Running", tryNumber: 2 },
  ]);
});

test("revoking an agent's key ends its sessions, also one that waits", async () => {
  const wanted = { tenantId: door.tenantId, name: "lent", scope: "agent" as const };
  const { id, key } = await createApiKey(door.pool, door.secrets, wanted);
  const lent = await TestAgent.enrol(door.cloud.url, key, "lent");
  const waiting = expect(lent.claim({ waitSeconds: 30, labels: ["lent"] })).rejects.toThrow(/KEY_REVOKED/);
  await heardOf("lent");
  await revokeApiKey(door.pool, { tenantId: door.tenantId, id });
  await eventually(async () => await expect(lent.claim()).rejects.toThrow(/KEY_REVOKED/), { timeoutMs: 1_000 });
  await door.create();
  await waiting;
  expect((await agent.claim()).runs).toHaveLength(1);
});

/** Waits until the cloud has a claim in hand from the agent of this name, which says the name as its label. */
async function heardOf(name: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await door.pool.query(`select labels from agents where name = $1`, [name]);
    expect(rows).toEqual([{ labels: [name] }]);
  });
}

test("an agent that enrols again under its name is the same agent", async () => {
  expect((await door.enrol("twin")).agentId).toBe((await door.enrol("twin")).agentId);
});

test("an agent that is too old is told both versions", async () => {
  const old = await door.post("/v1/claims", agent.session, {}, { "weir-api-version": "-1" });
  expect(old).toMatchObject({ status: 426, body: { code: "AGENT_TOO_OLD" } });
  expect(old.body.message).toContain("speaks version -1 of the line, but this cloud serves versions 0 and 1");
});
