import { afterAll, beforeAll, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../eventually.ts";
import { claims, json } from "./hostile-cloud.ts";
import { type HostileStage, setHostileStage } from "./stage.ts";
import { unharmed } from "./unharmed.ts";

// A cloud that plays with times: no number of its makes the agent turn in a circle.

let stage: HostileStage;
beforeAll(async () => {
  stage = await setHostileStage();
  await stage.goodRun();
});
afterAll(() => stage.end());

const LOOK_MS = 2_000;

/** Messages of a kind in two seconds. */
async function rate(count: () => number): Promise<number> {
  const before = count();
  await sleep(LOOK_MS);
  return count() - before;
}

test("claims that are answered at once for ever: nothing, runs that are not taken, orders for nobody", async () => {
  const { runId } = stage.run();
  const answers = [
    claims([]),
    claims([stage.run({ project: "theirs" })]),
    claims([], [{ runId, order: { kind: "cancel" } }]),
  ];
  for (const answer of answers) {
    stage.cloud.always("claim", answer);
    expect(await rate(() => stage.cloud.of("claim").length)).toBeLessThan(25);
    stage.cloud.always("claim", null);
  }
  await unharmed(stage);
});

test.for([0, 1e308, 1e-300, 2_147_484])("a session of %d seconds", async (sessionSeconds) => {
  stage.cloud.sessionSeconds = sessionSeconds;
  stage.cloud.once("claim", json({ code: "SESSION_EXPIRED", message: "over" }, 401));
  await eventually(() => !stage.cloud.waitsWith("claim"), { timeoutMs: 10_000 });
  expect(await rate(() => stage.cloud.of("enrol").length)).toBeLessThan(25);
  stage.cloud.sessionSeconds = 3_600;
  stage.cloud.once("claim", json({ code: "SESSION_EXPIRED", message: "over" }, 401));
  await unharmed(stage);
});

test.for([
  { leaseSeconds: 1e308, reportSeconds: 1e308 },
  { leaseSeconds: 2_147_484, reportSeconds: 0 },
  { leaseSeconds: 45, reportSeconds: 0 },
  { leaseSeconds: 0, reportSeconds: 0 },
])("a lease of %o", async (given) => {
  const run = stage.run({ ...given, parameters: { mark: `slow-${given.leaseSeconds}` } });
  stage.cloud.always("report", (response, received) => {
    const { first, events } = JSON.parse(received.body) as { first: number; events: unknown[] };
    // Nothing of the end is accepted: so the run stays in hand.
    const accepted = Math.min(2, first + events.length - 1);
    json({ accepted, leaseSeconds: given.leaseSeconds, orders: [], refused: [] })(response, received);
  });
  stage.cloud.offer(run);
  try {
    await eventually(() => stage.cloud.of("report", run.runId).length > 0);
    const before = stage.cpuSeconds();
    expect(await rate(() => stage.cloud.of("report", run.runId).length)).toBeLessThan(60);
    expect(stage.cpuSeconds() - before).toBeLessThan(1.5);
  } finally {
    stage.cloud.always("report", null);
  }
  await eventually(() => stage.cloud.endOf(run.runId) !== undefined || given.leaseSeconds === 0, { timeoutMs: 20_000 });
  await unharmed(stage);
});

test("waits and moments beyond all measure", async () => {
  stage.cloud.once("claim", claims([stage.run()], [], { waitedSeconds: 1e308 }));
  stage.cloud.once("claim", claims([], [], { waitedSeconds: 1e308 }));
  await eventually(() => !stage.cloud.waitsWith("claim"), { timeoutMs: 30_000 });
  await unharmed(stage);
});

// The last: the agent waits for as long as it was asked to, five minutes at most.
test("to be asked again in a thousand years is no busy loop", async () => {
  stage.cloud.once("claim", (response) => {
    const body = JSON.stringify({ code: "OVERLOADED", message: "later", retryAfterSeconds: 1e300 });
    response.writeHead(503, { "content-type": "application/json" }).end(body);
  });
  await eventually(() => !stage.cloud.waitsWith("claim"), { timeoutMs: 30_000 });
  expect(await rate(() => stage.cloud.of("claim").length)).toBeLessThan(5);
  expect(stage.agent.exitCode).toBe(null);
});
