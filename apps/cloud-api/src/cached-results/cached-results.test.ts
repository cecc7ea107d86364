import { hash } from "node:crypto";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CachedReply, type ClaimedRun, LIMITS, type RunEvent, type TaskEvent } from "@weir/protocol";
import { cachedResultSweeper } from "../loops/cached-result-sweeper.ts";
import { type DoorFixture, makeTenant, startDoor, type TestAgent } from "../run-door/testing/door-fixture.ts";
import { declare, flow, task } from "../run-door/testing/events.ts";
import { findCachedResults } from "./cached-results.ts";
import { ROWS_PER_KEY } from "./cached-result.sql.ts";

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

const HOUR = 3_600_000;
const NOW = Date.now();

async function begin(...events: RunEvent[]): Promise<ClaimedRun> {
  await door.create();
  const run = await agent.claimOne();
  await agent.reported(run, 1, [flow("Running"), ...events]);
  return run;
}

const cached = (number: number, more: Partial<TaskEvent>): RunEvent[] => [
  declare(number),
  task(number, "Running"),
  task(number, "Cached", { at: NOW, location: "file:/a", ...more }),
];

async function ask(run: ClaimedRun, cacheKey: string): Promise<CachedReply["states"]> {
  const { status, body } = await door.post<CachedReply>(`/v1/runs/${run.runId}/cached`, run.runToken, {
    attempt: run.attempt,
    cacheKey,
  });
  expect(status).toBe(200);
  return body.states;
}

test("what one run cached another run finds, newest first, with what it was made of", async () => {
  const digests = [{ name: "0", value: "abc" }];
  await begin(
    ...cached(1, { cacheKey: "k1", location: "file:/old", at: NOW - 5, expiresAt: NOW + HOUR, digests }),
    ...cached(2, { cacheKey: "k1", location: "file:/new", digests }),
    ...cached(3, { cacheKey: "other" }),
  );
  const reader = await begin();
  expect(await ask(reader, "k1")).toEqual([
    { location: "file:/new", at: NOW, digests },
    { location: "file:/old", at: NOW - 5, expiresAt: NOW + HOUR, digests },
  ]);
  expect(await ask(reader, "nobody's")).toEqual([]);
});

test("what has expired is not found, and a loop removes it", async () => {
  const run = await begin(
    ...cached(1, { cacheKey: "k2", location: "gone", expiresAt: NOW - 1 }),
    ...cached(2, { cacheKey: "k2", location: "gone too", expiresAt: NOW - HOUR }),
    ...cached(3, { cacheKey: "k2", location: "here", expiresAt: NOW + HOUR }),
  );
  const places = async () =>
    (await door.pool.query(`select location from cached_results where flow_run_id = $1 order by 1`, [run.runId])).rows;
  expect((await ask(run, "k2")).map(({ location }) => location)).toEqual(["here"]);
  expect(await places()).toHaveLength(3);
  await cachedResultSweeper(door.pool, 1).tick();
  expect(await places()).toEqual([{ location: "here" }]);
});

test("the same place again tells what its newest value was made of, and takes no second row", async () => {
  const first = [{ name: "0", value: "first" }];
  const second = [{ name: "0", value: "second" }];
  await begin(...cached(1, { cacheKey: "k3", digests: [] }), ...cached(2, { cacheKey: "k3", digests: first }));
  const run = await begin(...cached(1, { cacheKey: "k3", digests: second, expiresAt: NOW + HOUR }));
  expect(await ask(run, "k3")).toEqual([{ location: "file:/a", at: NOW, expiresAt: NOW + HOUR, digests: second }]);
});

test("runs that cache under the same keys at once all succeed, and each one's result is found", async () => {
  const runs = [await begin(), await begin(), await begin(), await begin()];
  const events = (of: number) =>
    Array.from({ length: 40 }, (_, i) => i + 1).flatMap((i) => {
      // Each run comes by the keys in an order of its own; every second key has one place for all.
      const key = 1 + ((i * ([1, 3, 7, 9][of] ?? 1)) % 40);
      const location = key % 2 === 0 ? `shared ${key}` : `${of} ${key}`;
      return cached(i, { cacheKey: `at once ${key}`, location });
    });
  const sent = await Promise.all(runs.map((run, of) => agent.report(run, 2, events(of))));
  expect(sent.map(({ status, body }) => [status, body.refused])).toEqual(runs.map(() => [200, []]));
  const [run] = runs as [ClaimedRun];
  expect(await ask(run, "at once 2")).toHaveLength(1);
  expect((await ask(run, "at once 3")).map(({ location }) => location).toSorted()).toEqual(
    [0, 1, 2, 3].map((of) => `${of} 3`),
  );
});

test("reports take the rows that they share in one order, so that no two wait for each other", async () => {
  const hashOf = (key: string) => hash("sha256", key, "hex");
  const [small = "", large = ""] = ["one key", "another key"].toSorted((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1));
  const run = await begin(...cached(1, { cacheKey: small }), ...cached(2, { cacheKey: large }));
  const client = await door.pool.connect();
  const lock = (key: string) =>
    client.query(`update cached_results set at = at where key_hash = decode($1, 'hex')`, [hashOf(key)]);
  await client.query("begin");
  await lock(small);
  const sent = agent.report(run, 8, [...cached(3, { cacheKey: large }), ...cached(4, { cacheKey: small })]);
  await eventually(async () => {
    const { rows } = await door.pool.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    expect(rows).toHaveLength(1);
  });
  await lock(large);
  await client.query("commit");
  client.release();
  expect((await sent).status).toBe(200);
});

test("a key keeps its newest hundred, however many are cached under it", async () => {
  const of = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => from + i).flatMap((i) =>
      cached(i, { cacheKey: "hot", location: `place ${i}`, at: NOW + i }),
    );
  const run = await begin(...of(1, 150));
  await agent.reported(run, 452, of(151, 20));
  await agent.reported(run, 512, of(171, 1));
  const states = await ask(run, "hot");
  expect(states).toHaveLength(ROWS_PER_KEY);
  expect(states[0]?.location).toBe("place 171");
  const { rows } = await door.pool.query(`select count(*)::int as n from cached_results where flow_run_id = $1`, [
    run.runId,
  ]);
  expect(rows).toEqual([{ n: ROWS_PER_KEY }]);
});

test("keys and places as long as the line allows are kept, and a state that cannot be found by anybody is not", async () => {
  const cacheKey = "k".repeat(LIMITS.cacheKeyLength);
  const location = "l".repeat(LIMITS.locationLength);
  const run = await begin(...cached(1, { cacheKey, location }), ...cached(2, {}));
  expect(await ask(run, cacheKey)).toHaveLength(1);
  const { rows } = await door.pool.query(`select count(*)::int as n from cached_results where flow_run_id = $1`, [
    run.runId,
  ]);
  expect(rows).toEqual([{ n: 1 }]);
});

test("another tenant finds nothing, and an attempt that is over is not answered", async () => {
  const run = await begin(...cached(1, { cacheKey: "k4" }));
  expect((await findCachedResults(door.pool, door.tenantId, "k4")).states).toHaveLength(1);
  expect((await findCachedResults(door.pool, await makeTenant(door.pool), "k4")).states).toEqual([]);
  await agent.release(run, "drain");
  const late = await door.post(`/v1/runs/${run.runId}/cached`, run.runToken, { attempt: 1, cacheKey: "k4" });
  expect(late).toMatchObject({ status: 409, body: { code: "STALE_ATTEMPT" } });
});
