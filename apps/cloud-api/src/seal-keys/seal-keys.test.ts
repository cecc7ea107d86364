import {
  type CachedReply,
  type ClaimedRun,
  LIMITS,
  type OutcomeReply,
  type RunEvent,
  type SealKey,
} from "@weir/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findCachedResults } from "../cached-results/cached-results.ts";
import { restartFlowRun } from "../flow-runs/restart-flow-run.ts";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../run-door/testing/events.ts";
import { sealKeysFor, sealKeysOf } from "./seal-keys.ts";
import { sealedFailure, sealedText, sealKey } from "./testing/sealed.ts";

let door: DoorFixture;
let agent: TestAgent;
beforeAll(async () => {
  door = await startDoor();
  agent = await door.enrol();
});
afterAll(async () => {
  expect(await door.violations()).toEqual([]);
  await door.stop();
});

async function begin(): Promise<ClaimedRun> {
  await door.create();
  return await agent.claimOne();
}

const report = (run: ClaimedRun, first: number, events: readonly RunEvent[], sealKeys?: readonly unknown[]) =>
  door.post<{ accepted: number }>(`/v1/runs/${run.runId}/reports`, run.runToken, {
    attempt: run.attempt,
    first,
    events,
    sealKeys,
  });

async function keysOf(runId: string): Promise<SealKey[]> {
  return (await sealKeysOf(door.pool, door.tenantId, [runId])).get(runId) ?? [];
}

/** A run that reported something sealed with the key and failed. */
async function failedWith(key: string, message: string): Promise<ClaimedRun> {
  const run = await begin();
  const events = [flow("Running"), flow("Failed", { message, failure: sealedFailure(key) })];
  expect(await report(run, 1, events, [sealKey(key)])).toMatchObject({ status: 200 });
  return run;
}

const restart = (id: string) => restartFlowRun(door.pool, { tenantId: door.tenantId, id });

test("keys come with what they sealed, once however often they are sent, and the first of an id stays", async () => {
  const run = await begin();
  const first = [flow("Running")];
  for (let i = 0; i < 2; i += 1) expect((await report(run, 1, first, [sealKey("a")])).body.accepted).toBe(1);
  const forged = { ...sealKey("a"), key: "another" };
  expect((await report(run, 2, [], [forged, sealKey("b"), sealKey("b")])).status).toBe(200);
  expect(await keysOf(run.runId)).toEqual([sealKey("a"), sealKey("b")]);
});

test("a report that is refused leaves no key behind", async () => {
  const run = await begin();
  expect((await report(run, 5, [flow("Running")], [sealKey("gap")])).body).toMatchObject({ code: "EVENT_GAP" });
  expect(await keysOf(run.runId)).toEqual([]);
});

test("keys that are too many, too long or of another shape are refused with the whole report", async () => {
  const run = await begin();
  const many = Array.from({ length: LIMITS.sealKeys + 1 }, (_, i) => sealKey(`k${i}`));
  const long = { ...sealKey("a"), key: "x".repeat(LIMITS.sealKeyLength + 1) };
  for (const keys of [many, [long], [{ id: "short", key: "x" }], [{ ...sealKey("a"), more: 1 }]])
    expect(await report(run, 1, [flow("Running")], keys)).toMatchObject({ status: 400, body: { code: "INVALID" } });
  expect(await keysOf(run.runId)).toEqual([]);
});

test("a later attempt is handed the keys of the earlier ones, newest first; the first has none", async () => {
  const run = await failedWith("one", sealedText("one", "went wrong"));
  expect(run).not.toHaveProperty("sealKeys");
  await restart(run.runId);
  const second = await agent.claimOne();
  expect(second.sealKeys).toEqual([sealKey("one")]);
  expect((await report(second, 1, [flow("Running"), flow("Failed")], [sealKey("two")])).status).toBe(200);
  await restart(run.runId);
  expect((await agent.claimOne()).sealKeys).toEqual([sealKey("two"), sealKey("one")]);
});

test("no message carries more keys than it may, whatever a run has: the newest", async () => {
  const run = await begin();
  const keys = Array.from({ length: 150 }, (_, i) => sealKey(`old${i}`));
  await report(run, 1, [flow("Running")], keys);
  await report(
    run,
    2,
    [flow("Failed")],
    Array.from({ length: 150 }, (_, i) => sealKey(`more${i}`)),
  );
  await restart(run.runId);
  const second = await agent.claimOne();
  expect(second.sealKeys).toHaveLength(LIMITS.sealKeys);
  await report(second, 1, [flow("Running"), flow("Failed")], [sealKey("newest")]);
  await restart(run.runId);
  expect((await agent.claimOne()).sealKeys?.[0]).toEqual(sealKey("newest"));
});

test("whoever waits for a run is told the keys of a sealed outcome, and of a plain one none", async () => {
  const sealed = await failedWith("s", sealedText("s", "boom"));
  const plain = await begin();
  await report(plain, 1, [flow("Running"), flow("Failed", { message: "plain" })], [sealKey("p")]);
  const asking = await begin();
  const outcome = (runId: string) =>
    door.post<OutcomeReply>(`/v1/runs/${asking.runId}/outcomes`, asking.runToken, {
      attempt: asking.attempt,
      runId,
      waitSeconds: 0,
    });
  expect((await outcome(sealed.runId)).body).toMatchObject({ state: "Failed", sealKeys: [sealKey("s")] });
  expect((await outcome(plain.runId)).body).not.toHaveProperty("sealKeys");
});

const cachedIn = (location: string, cacheKey: string): RunEvent[] => [
  flow("Running"),
  declare(1),
  task(1, "Running"),
  task(1, "Cached", { at: Date.now(), location, cacheKey }),
];

test("of cached results, the keys of those sealed locations alone come along", async () => {
  const runs = [await begin(), await begin(), await begin()];
  const [one, two, plain] = runs as [ClaimedRun, ClaimedRun, ClaimedRun];
  await report(one, 1, cachedIn(sealedText("c1", "/a"), "k"), [sealKey("c1"), sealKey("unused")]);
  await report(two, 1, cachedIn(sealedText("c2", "/b"), "k"), [sealKey("c2")]);
  await report(plain, 1, cachedIn("file:/c", "plain"), [sealKey("c3")]);
  const ask = async (cacheKey: string) =>
    (
      await door.post<CachedReply>(`/v1/runs/${plain.runId}/cached`, plain.runToken, {
        attempt: plain.attempt,
        cacheKey,
      })
    ).body;
  const found = await ask("k");
  expect(found.states).toHaveLength(2);
  expect(new Set(found.sealKeys?.map(({ id }) => id))).toEqual(new Set([sealKey("c1").id, sealKey("c2").id]));
  expect(await ask("plain")).not.toHaveProperty("sealKeys");
});

test("a text that only looks sealed is found as it is, without a key", async () => {
  const run = await begin();
  await report(run, 1, cachedIn("sealed:not.a.jwe", "odd"), [sealKey("odd")]);
  expect(await findCachedResults(door.pool, door.tenantId, "odd")).toEqual({
    states: [expect.objectContaining({ location: "sealed:not.a.jwe" })],
  });
});

test("where nothing is sealed, nothing is asked of the database", async () => {
  const pool = { query: () => Promise.reject(new Error("asked")) } as never;
  expect(await sealKeysFor(pool, door.tenantId, [{ runId: door.tenantId, text: "file:/plain" }])).toEqual([]);
});

test("another tenant is told no key", async () => {
  const run = await failedWith("mine", "boom");
  expect(await sealKeysOf(door.pool, await makeTenant(door.pool), [run.runId])).toEqual(new Map());
});

test("GraphQL tells the keys of each run of a list", async () => {
  const sealed = await failedWith("g", "boom");
  const plain = await begin();
  const { body } = await door.post<{ data: { flowRuns: { nodes: { id: string; sealKeys: SealKey[] }[] } } }>(
    "/graphql",
    door.userKey,
    { query: "{ flowRuns(first: 20) { nodes { id sealKeys { id key } } } }" },
  );
  const keys = new Map(body.data.flowRuns.nodes.map((run) => [run.id, run.sealKeys]));
  expect(keys.get(sealed.runId)).toEqual([sealKey("g")]);
  expect(keys.get(plain.runId)).toEqual([]);
});
